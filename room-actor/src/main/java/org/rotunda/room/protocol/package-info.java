/**
 * The door of the room module: what others can ask of rooms, what they hear back, and the values both sides share. Pure types, callable
 * from any thread; the gateway sees this package and no other of this module.
 */
@NullMarked
package org.rotunda.room.protocol;

import org.jspecify.annotations.NullMarked;
