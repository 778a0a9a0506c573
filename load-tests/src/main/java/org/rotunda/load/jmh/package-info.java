/**
 * Micro-benchmarks (JMH) of the steps with which the router processes a media packet, and of the allocation of a room's
 * layers. Each benchmark runs on one thread, as an event loop or an actor does.
 */
@NullMarked
package org.rotunda.load.jmh;

import org.jspecify.annotations.NullMarked;
