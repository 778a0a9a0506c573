/**
 * One actor for each signaling connection. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.gateway.connection;

import org.jspecify.annotations.NullMarked;
