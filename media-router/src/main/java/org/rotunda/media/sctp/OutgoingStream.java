package org.rotunda.media.sctp;

import java.util.ArrayDeque;

/** The messages of one stream that are not wholly sent or not confirmed. */
final class OutgoingStream {
    final int streamId;

    /** Messages that are not wholly sent; only the first may be partly sent. */
    final ArrayDeque<OutgoingMessage> unsent = new ArrayDeque<>();

    /**
     * All messages from the oldest one that is neither confirmed nor given up, in the order of arrival. Later ones may
     * already be confirmed or given up. Bounded by the send buffer.
     */
    final ArrayDeque<OutgoingMessage> unconfirmed = new ArrayDeque<>();

    int nextSsn;
    int bufferedBytes;
    boolean scheduled;

    OutgoingStream(int streamId) {
        this.streamId = streamId;
    }
}
