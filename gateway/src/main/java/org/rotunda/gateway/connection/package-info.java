/**
 * One actor for each signaling socket. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.gateway.connection;

import org.jspecify.annotations.NullMarked;
