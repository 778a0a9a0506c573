/**
 * The door to the media plane: commands in, events out, JDK types only. Callable from any thread; events arrive on
 * the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.control;

import org.jspecify.annotations.NullMarked;
