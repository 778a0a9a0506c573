package org.rotunda.gateway.rest;

/**
 * An operation of the REST API. Tests use the list of operations to prove rules about all of them.
 *
 * @param method the HTTP method
 * @param pattern the pattern of the path, with variables in braces
 */
public record ApiOperation(String method, String pattern) {}
