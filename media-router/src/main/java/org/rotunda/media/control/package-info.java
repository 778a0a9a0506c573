/**
 * The only way into the media plane: it takes commands and reports events, and uses only its own types and those of the
 * JDK. Any thread may call it; events arrive on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.control;

import org.jspecify.annotations.NullMarked;
