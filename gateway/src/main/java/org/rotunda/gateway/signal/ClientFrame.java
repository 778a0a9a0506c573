package org.rotunda.gateway.signal;

import org.jspecify.annotations.Nullable;

/** A frame from a client, in version 2 of Twilio's connection protocol (TCMP). */
public sealed interface ClientFrame {

    /**
     * Opens the connection and contains the first request. The client repeats the hello with a new id while the welcome
     * is late.
     *
     * @param body null if the client sends its first request after the welcome, as SDK 2.0.0 to 2.4.0 do
     */
    record Hello(@Nullable ClientMessage body) implements ClientFrame {}

    record Message(ClientMessage body) implements ClientFrame {}

    record Heartbeat() implements ClientFrame {}

    /** Tells the server that the client leaves. The client then closes the socket with code 1000. */
    record Bye() implements ClientFrame {}
}
