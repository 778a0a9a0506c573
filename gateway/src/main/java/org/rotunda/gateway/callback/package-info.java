/**
 * Status callbacks: takes them from the outbox of the rooms, and sends each to the URL that the application has given.
 * {@link org.rotunda.gateway.callback.CallbackSender} is an actor, and everything it decides is in pure classes beside
 * it. Names are resolved on threads of their own.
 */
@NullMarked
package org.rotunda.gateway.callback;

import org.jspecify.annotations.NullMarked;
