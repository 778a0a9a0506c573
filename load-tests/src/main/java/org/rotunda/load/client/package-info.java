/**
 * Clients that speak the public protocols. Runs on the threads of the load test.
 */
@NullMarked
package org.rotunda.load.client;

import org.jspecify.annotations.NullMarked;
