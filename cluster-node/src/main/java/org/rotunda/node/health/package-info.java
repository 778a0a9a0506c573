/**
 * Liveness and readiness on the management port. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.node.health;

import org.jspecify.annotations.NullMarked;
