package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The sending side of a signaling socket. A {@link SignalingSocket.Listener} gets the frames that arrive. Used on the
 * client's executor.
 */
interface SignalingLink {
    void send(JsonNode frame);

    /** Sends a text frame unchanged, for tests with invalid frames. */
    void sendText(String text);

    /** Closes the socket with a close frame of this code, after all earlier frames are sent. */
    void close(int code);

    /** Breaks the connection without a close frame. The listener is told that the socket is closed. */
    void abort();
}
