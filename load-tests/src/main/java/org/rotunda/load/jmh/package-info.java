/**
 * Micro-benchmarks (JMH) of the steps a media packet takes through the router. Each runs on one thread, as an event
 * loop does.
 */
@NullMarked
package org.rotunda.load.jmh;

import org.jspecify.annotations.NullMarked;
