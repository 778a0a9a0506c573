/**
 * Rooms on this node: publications, subscriptions and fan-out. A recorder, or another consumer of packets that is not a
 * client, would subscribe here. A feature for a whole room, for example the detection of the dominant speaker, would
 * get its own package, and a room here would own it. Runs on the event loop that owns the core.
 */
@NullMarked
package org.rotunda.media.router;

import org.jspecify.annotations.NullMarked;
