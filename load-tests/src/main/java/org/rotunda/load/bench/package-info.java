/**
 * The command {@code bin/rotunda bench}. It starts a node in its own process and bots in this process, and computes
 * figures from the node's metrics and the kernel's counters. Runs on the main thread; the bots have their own threads.
 */
@NullMarked
package org.rotunda.load.bench;

import org.jspecify.annotations.NullMarked;
