/**
 * Micro-benchmarks (JMH) of the steps with which the router processes a media packet. Each benchmark runs on one
 * thread, as an event loop does.
 */
@NullMarked
package org.rotunda.load.jmh;

import org.jspecify.annotations.NullMarked;
