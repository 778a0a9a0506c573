/**
 * The door of the room module: commands to rooms, their replies and notices, and the values both sides share. Pure
 * types, callable from any thread; the gateway sees this package and no other package of this module.
 */
@NullMarked
package org.rotunda.room.protocol;

import org.jspecify.annotations.NullMarked;
