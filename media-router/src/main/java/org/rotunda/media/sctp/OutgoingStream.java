package org.rotunda.media.sctp;

import java.util.ArrayDeque;

/** What one stream has to send: messages not wholly sent, and all that are not confirmed. */
final class OutgoingStream {
    final int streamId;

    /** The first of these may be partly sent. */
    final ArrayDeque<OutgoingMessage> unsent = new ArrayDeque<>();

    /** Every message that is neither confirmed nor given up, oldest first, some done ones in between. Bounded by the send buffer. */
    final ArrayDeque<OutgoingMessage> unconfirmed = new ArrayDeque<>();

    int nextSsn;
    int bufferedBytes;
    boolean scheduled;

    OutgoingStream(int streamId) {
        this.streamId = streamId;
    }
}
