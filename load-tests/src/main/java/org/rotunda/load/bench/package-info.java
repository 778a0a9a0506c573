/**
 * The command {@code bin/rotunda bench}. It starts a node in its own process, and in this process bots or callers of the
 * REST API. It computes figures from the node's metrics and the kernel's counters. Runs on the main thread; bots and
 * callers have their own threads.
 */
@NullMarked
package org.rotunda.load.bench;

import org.jspecify.annotations.NullMarked;
