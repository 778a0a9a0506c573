/**
 * The gateway of a node: its settings, and its start, which binds the HTTP port. Runs on the caller's thread.
 */
@NullMarked
package org.rotunda.gateway;

import org.jspecify.annotations.NullMarked;
