package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;

/** What a {@link SignalingClient} sends on. On the client's executor; a listener hears what comes. */
interface SignalingLink {
    void send(JsonNode frame);

    /** A text frame as it is, for tests of what a gateway does with nonsense. */
    void sendText(String text);

    /** Closes in order once everything is sent. */
    void close(int code);

    /** Breaks the connection without a word; the listener hears of it. */
    void abort();
}
