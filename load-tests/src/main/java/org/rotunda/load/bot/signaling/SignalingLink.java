package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;

/** The sending side of a signaling socket; a listener gets what arrives. Used on the client's executor. */
interface SignalingLink {
    void send(JsonNode frame);

    /** Sends a text frame unchanged, for tests with invalid frames. */
    void sendText(String text);

    /** Closes the socket normally once everything is sent. */
    void close(int code);

    /** Breaks the connection without a close frame; the listener is told that it has closed. */
    void abort();
}
