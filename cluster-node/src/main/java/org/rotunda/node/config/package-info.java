/**
 * The keys of the deployed configuration as validated records. Runs on the main thread, once at start.
 */
@NullMarked
package org.rotunda.node.config;

import org.jspecify.annotations.NullMarked;
