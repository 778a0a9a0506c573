package org.rotunda.gateway.connection;

/**
 * The HTTP request that opened a signaling socket. The log lines of the session contain it.
 *
 * @param requestId the id of the request, as in the access log
 * @param remote the client's address; empty if it is not known
 */
public record SocketOrigin(String requestId, String remote) {}
