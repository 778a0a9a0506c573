/**
 * A room's state and the rules that change it: events, admission, track revisions, deadlines, and a client's view of
 * the room. Everything here is pure (no actor, no clock, no I/O) and callable from any thread.
 */
@NullMarked
package org.rotunda.room.state;

import org.jspecify.annotations.NullMarked;
