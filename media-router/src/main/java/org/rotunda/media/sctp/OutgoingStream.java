package org.rotunda.media.sctp;

import java.util.ArrayDeque;

/** The messages of one stream that are not yet completely sent or not yet confirmed. */
final class OutgoingStream {
    final int streamId;

    /** The messages that still have unsent bytes. Only the first message may be partly sent. */
    final ArrayDeque<OutgoingMessage> unsent = new ArrayDeque<>();

    /**
     * The queued messages in order, without the finished messages at the head. A message is finished when it is
     * confirmed or given up. A finished message behind an unfinished message stays here. Bounded by the send buffer.
     */
    final ArrayDeque<OutgoingMessage> unconfirmed = new ArrayDeque<>();

    int nextSsn;
    int bufferedBytes;
    boolean scheduled;

    OutgoingStream(int streamId) {
        this.streamId = streamId;
    }
}
