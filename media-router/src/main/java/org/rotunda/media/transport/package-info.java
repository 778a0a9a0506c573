/**
 * The media connection of one peer. Joins the features of a connection into one state machine. A new feature, for
 * example a congestion controller, gets its own package and is connected here. Runs on the event loop that owns the
 * room.
 */
@NullMarked
package org.rotunda.media.transport;

import org.jspecify.annotations.NullMarked;
