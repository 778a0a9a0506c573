/**
 * {@code bin/rotunda bench}: a node in a process of its own, bots in this one, and what the node's metrics and the kernel say of it. Runs
 * on the main thread; bots and relay have theirs.
 */
@NullMarked
package org.rotunda.load.bench;

import org.jspecify.annotations.NullMarked;
