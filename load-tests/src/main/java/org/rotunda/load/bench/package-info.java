/**
 * The command {@code bin/rotunda bench}: it starts a node in a process of its own and bots in this process, and
 * computes figures from the node's metrics and the kernel's counters. Runs on the main thread; bots and relay have
 * threads of their own.
 */
@NullMarked
package org.rotunda.load.bench;

import org.jspecify.annotations.NullMarked;
