/**
 * The HTTP server of a gateway: routing, CORS, the demo page and the tokens for development. Runs on the actor
 * dispatcher.
 */
@NullMarked
package org.rotunda.gateway.http;

import org.jspecify.annotations.NullMarked;
