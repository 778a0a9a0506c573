/**
 * The configuration of a node: the check of its keys and ports, and its settings as validated records. Everything here
 * runs on the main thread, before a node starts.
 */
@NullMarked
package org.rotunda.node.config;

import org.jspecify.annotations.NullMarked;
