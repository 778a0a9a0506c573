/**
 * Rules that select tracks: their grammar in JSON, and the set of tracks that they select. Subscribe rules decide what
 * a participant receives; recording rules decide what is recorded. Everything here is pure (no actor, no clock, no I/O)
 * and callable from any thread. The gateway reads and writes rules with this package.
 */
@NullMarked
package org.rotunda.room.rules;

import org.jspecify.annotations.NullMarked;
