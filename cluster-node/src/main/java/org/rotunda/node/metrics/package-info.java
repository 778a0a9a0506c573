/**
 * Metrics of the node in the Prometheus format. Collected on the management server's thread.
 */
@NullMarked
package org.rotunda.node.metrics;

import org.jspecify.annotations.NullMarked;
