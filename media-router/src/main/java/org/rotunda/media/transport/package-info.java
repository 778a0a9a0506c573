/**
 * One peer's media connection: composes the features into one machine. Runs on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.transport;

import org.jspecify.annotations.NullMarked;
