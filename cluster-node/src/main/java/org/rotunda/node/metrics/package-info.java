/**
 * The metrics of the node and the page that shows them to scrapers. Read on a thread of the management server.
 */
@NullMarked
package org.rotunda.node.metrics;

import org.jspecify.annotations.NullMarked;
