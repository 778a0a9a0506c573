package org.rotunda.gateway.signal;

/** A frame from a client: the TCMP version 2 layer. */
public sealed interface ClientFrame {

    /** Opens the connection and carries the first request. Repeated with a new id while the welcome is late. */
    record Hello(ClientMessage body) implements ClientFrame {}

    record Message(ClientMessage body) implements ClientFrame {}

    record Heartbeat() implements ClientFrame {}

    /** The client leaves and closes the socket with 1000. */
    record Bye() implements ClientFrame {}
}
