/**
 * Helpers for clients of a node: access tokens, free ports, the node's metrics and its command line. All code of this
 * package runs on the caller's thread.
 */
@NullMarked
package org.rotunda.load.client;

import org.jspecify.annotations.NullMarked;
