/**
 * The media connection of one peer: composes the features into one machine. A new feature of a connection, for example
 * a congestion controller, is a package of its own beside the other features, and is composed here. Runs on the event
 * loop that owns the room.
 */
@NullMarked
package org.rotunda.media.transport;

import org.jspecify.annotations.NullMarked;
