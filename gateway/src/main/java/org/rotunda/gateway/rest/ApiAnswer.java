package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a request of the REST API is answered with when all went well. */
record ApiAnswer(int status, ObjectNode body) {}
