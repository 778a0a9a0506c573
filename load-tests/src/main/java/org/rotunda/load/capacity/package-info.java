/**
 * The command {@code bin/rotunda capacity}. It computes how many nodes a mix of rooms needs. The formulas are pure
 * functions in {@link org.rotunda.load.capacity.CapacityModel}. The package is in this module, and not in the product,
 * because its unit costs are the results of the benches, which are here. Runs on the main thread.
 */
@NullMarked
package org.rotunda.load.capacity;

import org.jspecify.annotations.NullMarked;
