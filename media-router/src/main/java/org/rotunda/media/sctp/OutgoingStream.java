package org.rotunda.media.sctp;

import java.util.ArrayDeque;

/** The messages of one stream: those not wholly sent, and all that are not confirmed. */
final class OutgoingStream {
    final int streamId;

    /** Messages that are not wholly sent; only the first may be partly sent. */
    final ArrayDeque<OutgoingMessage> unsent = new ArrayDeque<>();

    /**
     * Messages that are neither confirmed nor given up, oldest first. Finished ones may stand between them. Bounded by
     * the send buffer.
     */
    final ArrayDeque<OutgoingMessage> unconfirmed = new ArrayDeque<>();

    int nextSsn;
    int bufferedBytes;
    boolean scheduled;

    OutgoingStream(int streamId) {
        this.streamId = streamId;
    }
}
