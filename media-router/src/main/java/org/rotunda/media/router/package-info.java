/**
 * Rooms on this node: publications, subscriptions and fan-out. Runs on the event loop that owns the room.
 */
@NullMarked
package org.rotunda.media.router;

import org.jspecify.annotations.NullMarked;
