/**
 * The gateway of a node: its settings and the starter that binds its HTTP port. Runs on the caller's thread.
 */
@NullMarked
package org.rotunda.gateway;

import org.jspecify.annotations.NullMarked;
