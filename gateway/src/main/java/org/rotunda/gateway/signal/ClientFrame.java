package org.rotunda.gateway.signal;

/** A frame from a client, in version 2 of Twilio's connection protocol (TCMP). */
public sealed interface ClientFrame {

    /**
     * Opens the connection and contains the first request. The client repeats it with a new id while the welcome is
     * late.
     */
    record Hello(ClientMessage body) implements ClientFrame {}

    record Message(ClientMessage body) implements ClientFrame {}

    record Heartbeat() implements ClientFrame {}

    /** Tells the server that the client leaves. The client then closes the socket with code 1000. */
    record Bye() implements ClientFrame {}
}
