/**
 * The names of all metrics and the page that shows them to scrapers; each value is counted in the package that it measures. Read on a
 * thread of the management server.
 */
@NullMarked
package org.rotunda.node.metrics;

import org.jspecify.annotations.NullMarked;
