package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The answer to a successful request of the REST API. */
record ApiAnswer(int status, ObjectNode body) {}
