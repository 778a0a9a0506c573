/**
 * Rooms on this node: publications, subscriptions and fan-out. A machine that concerns a whole room, for example one
 * that compares the audio levels of its speakers, is a package of its own that a room here owns. Runs on the event loop
 * that owns the room.
 */
@NullMarked
package org.rotunda.media.router;

import org.jspecify.annotations.NullMarked;
