package org.rotunda.media.sctp;

import java.util.Map;

/** Counters of one transport's SCTP. They are written and read on one event loop. */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into counters of this process; it is never stored or sent.
public final class SctpStatistics {
    private static final SctpDrop[] REASONS = SctpDrop.values();

    private final long[] drops = new long[REASONS.length];
    long packetsReceived;
    long packetsSent;
    long messagesReceived;
    long messagesSent;
    long dataChunksSent;
    long dataChunksRetransmitted;
    long retransmissionTimeouts;
    long restarts;

    void drop(SctpDrop reason) {
        drops[reason.ordinal()]++;
    }

    public long dropped(SctpDrop reason) {
        return drops[reason.ordinal()];
    }

    /** Adds the number of drops per reason to the map. The keys are the metric names. */
    public void addDropsTo(Map<String, Long> byName) {
        for (SctpDrop reason : REASONS) {
            long count = dropped(reason);
            if (count > 0) {
                byName.merge(reason.metricName(), count, Long::sum);
            }
        }
    }

    public long packetsReceived() {
        return packetsReceived;
    }

    public long packetsSent() {
        return packetsSent;
    }

    public long messagesReceived() {
        return messagesReceived;
    }

    /** Returns the number of messages accepted by {@link DataChannels#send}, sent or still queued. */
    public long messagesSent() {
        return messagesSent;
    }

    public long dataChunksSent() {
        return dataChunksSent;
    }

    public long dataChunksRetransmitted() {
        return dataChunksRetransmitted;
    }

    public long retransmissionTimeouts() {
        return retransmissionTimeouts;
    }

    public long restarts() {
        return restarts;
    }
}
