/**
 * The live call of a room. The conductor and its parts make sessions, transports and media nodes agree with the room's
 * state. The code here runs in the conductor's actor and journals nothing. Whatever must be journalled is reported to
 * the entity.
 */
@NullMarked
package org.rotunda.room.call;

import org.jspecify.annotations.NullMarked;
