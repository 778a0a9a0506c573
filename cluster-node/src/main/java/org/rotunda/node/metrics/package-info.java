/**
 * The names of all metrics, and the page that shows their values. The values are counted in the packages that they
 * measure. The page is read on a thread of the management server.
 */
@NullMarked
package org.rotunda.node.metrics;

import org.jspecify.annotations.NullMarked;
