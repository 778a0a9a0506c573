/**
 * Composes the features into one machine: the media connection of one peer. Runs on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.transport;

import org.jspecify.annotations.NullMarked;
