/**
 * Gatling simulations against a node or a cluster that is already running. {@code bin/rotunda gatling} starts the
 * simulations; the build never starts them. The simulations run on Gatling's threads.
 */
@NullMarked
package org.rotunda.load.gatling;

import org.jspecify.annotations.NullMarked;
