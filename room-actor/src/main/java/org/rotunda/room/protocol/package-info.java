/**
 * The public interface of the room module: commands to rooms, their replies and notices, and the values that both sides
 * share. Pure types, callable from any thread. The gateway sees this package and {@code room.rules}, and no other
 * package of this module.
 */
@NullMarked
package org.rotunda.room.protocol;

import org.jspecify.annotations.NullMarked;
