/**
 * What clients of a node need: tokens, ports, its metrics. Runs on the threads of the load test.
 */
@NullMarked
package org.rotunda.load.client;

import org.jspecify.annotations.NullMarked;
