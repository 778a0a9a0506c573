/**
 * Gatling simulations against a node or a cluster that runs already. Started by {@code bin/rotunda gatling}, never by the build; run on
 * Gatling's threads.
 */
@NullMarked
package org.rotunda.load.gatling;

import org.jspecify.annotations.NullMarked;
