/**
 * Congestion control towards one subscriber: estimates what its network carries, and decides when to probe and how to
 * space packets. Every class is a sans-IO machine that runs on the event loop that owns the transport. The facade is {@link
 * org.rotunda.media.congestion.DownlinkController}.
 */
@NullMarked
package org.rotunda.media.congestion;

import org.jspecify.annotations.NullMarked;
