/**
 * REST routes, their representations and error bodies, CORS, demo page and developer token. Runs on the actor
 * dispatcher.
 */
@NullMarked
package org.rotunda.gateway.http;

import org.jspecify.annotations.NullMarked;
