package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a successful request of the REST API.
 *
 * @param body null if the answer has no body
 */
record ApiAnswer(int status, @Nullable ObjectNode body) {}
