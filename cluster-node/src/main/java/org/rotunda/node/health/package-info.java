/** Liveness and readiness on the management port. Everything here runs on the actor dispatcher. */
@NullMarked
package org.rotunda.node.health;

import org.jspecify.annotations.NullMarked;
