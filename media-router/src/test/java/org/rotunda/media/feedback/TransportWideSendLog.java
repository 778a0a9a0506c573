package org.rotunda.media.feedback;

import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The publisher's side of transport-wide feedback, for tests of {@link TransportWideFeedback}. It numbers the packets
 * of one transport and relates the feedback to them (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2 and §3).
 *
 * <p>Each packet is reported to the {@link Sink} at most once as acknowledged and at most once as lost. A packet that
 * was reported as lost may be acknowledged later, because it was only reordered.
 */
final class TransportWideSendLog implements TransportFeedback.Sink {
    /** Receives the result of each packet, in rising order within a message. */
    interface Sink {
        /**
         * @param sendNanos the time when we sent the packet
         * @param arrivalNanos the time of arrival on the receiver's clock; its epoch is unknown, so only differences
         *     have a meaning
         * @param probeCluster the cluster that was given to {@link #onSent}
         */
        void onAcknowledged(long sendNanos, long arrivalNanos, int sizeBytes, int probeCluster);

        void onLost(long sendNanos, int sizeBytes, int probeCluster);

        /** Called when all packets of one message have been reported. */
        void onFeedbackComplete(long nowNanos);
    }

    /** The probe cluster of packets that belong to no probe. */
    static final int NO_PROBE = 0;

    /**
     * The number of packets that are remembered, a power of two. At 1,000 packets/s these are the packets of four
     * seconds. The delay of feedback is much shorter.
     */
    static final int WINDOW_PACKETS = 4_096;

    private static final byte FREE = 0;
    private static final byte SENT = 1;
    private static final byte UNREPORTED = 2; // A later packet was reported, but this packet was not.
    private static final byte LOST = 3;

    private final Sink sink;
    private final long[] sendNanos = new long[WINDOW_PACKETS];
    private final int[] sizeBytes = new int[WINDOW_PACKETS];
    private final int[] probeCluster = new int[WINDOW_PACKETS];
    private final byte[] state = new byte[WINDOW_PACKETS];
    // The extended number of the next packet.
    private long next = SequenceNumbers.EXTENDED_START;
    private long firstInFlight = next; // No packet below this number is in flight.
    private long inFlightBytes;
    private long reference; // The unwrapped 24-bit reference time of the last message.
    private boolean referenceKnown;
    private int lastFeedbackCount;
    private long messages;
    private long messagesMissed;
    private long statusesUnknown;
    private long packet; // The packet that the next status of the current message is about.

    public TransportWideSendLog(Sink sink) {
        this.sink = sink;
    }

    /** Remembers a packet that is sent now. Returns the 16-bit number for its header extension. */
    public int onSent(int size, int cluster, long nowNanos) {
        int slot = slot(next);
        if (state[slot] == SENT) { // No feedback came about the slot's previous packet.
            inFlightBytes -= sizeBytes[slot];
        }
        sendNanos[slot] = nowNanos;
        sizeBytes[slot] = size;
        probeCluster[slot] = cluster;
        state[slot] = SENT;
        inFlightBytes += size;
        int transportSequence = (int) (next & 0xFFFF);
        next++;
        firstInFlight = Math.max(firstInFlight, next - WINDOW_PACKETS);
        return transportSequence;
    }

    /**
     * Reads a feedback message that {@link TransportFeedback#isValid} accepted. The buffer is borrowed for the call.
     */
    public void onFeedback(RtcpCompound feedback, long nowNanos) {
        int statuses = TransportFeedback.statuses(feedback);
        long base = SequenceNumbers.unwrap(TransportFeedback.baseSequence(feedback), next - 1);
        if (base + statuses > next) { // The message reports packets that were never sent, so it is invalid.
            statusesUnknown += statuses;
            return;
        }
        countMissed(TransportFeedback.feedbackCount(feedback));
        int wire = TransportFeedback.referenceTime(feedback);
        reference = referenceKnown ? SequenceNumbers.unwrap(wire, reference, 24) : wire;
        referenceKnown = true;
        packet = base;
        TransportFeedback.forEach(feedback, this);
        passOver(packet);
        sink.onFeedbackComplete(nowNanos);
    }

    /** Handles the next status of the current message: the packet has arrived. */
    @Override
    public void onReceived(int sequenceNumber, int ticks) {
        int slot = slot(packet);
        if (!isKnown(packet++)) {
            return;
        }
        land(slot);
        state[slot] = FREE;
        long arrivalTicks = reference * TransportFeedback.TICKS_PER_REFERENCE + ticks;
        sink.onAcknowledged(
                sendNanos[slot], arrivalTicks * TransportFeedback.TICK_NANOS, sizeBytes[slot], probeCluster[slot]);
    }

    /** Handles the next status of the current message: the packet has not arrived. */
    @Override
    public void onNotReceived(int sequenceNumber) {
        int slot = slot(packet);
        if (!isKnown(packet++) || state[slot] == LOST) {
            return;
        }
        land(slot);
        state[slot] = LOST;
        sink.onLost(sendNanos[slot], sizeBytes[slot], probeCluster[slot]);
    }

    /** Returns the bytes of the packets that are still in flight. */
    public long inFlightBytes() {
        return inFlightBytes;
    }

    public long messages() {
        return messages;
    }

    /** Returns the number of lost messages, computed from gaps in the message counter. */
    public long messagesMissed() {
        return messagesMissed;
    }

    /**
     * Returns the number of statuses about packets that were never sent, are forgotten, or were acknowledged before.
     */
    public long statusesUnknown() {
        return statusesUnknown;
    }

    private boolean isKnown(long sequence) {
        boolean known = sequence >= next - WINDOW_PACKETS && state[slot(sequence)] != FREE;
        if (!known) {
            statusesUnknown++;
        }
        return known;
    }

    private void land(int slot) {
        if (state[slot] == SENT) {
            inFlightBytes -= sizeBytes[slot];
        }
    }

    /** Removes the unreported packets before {@code end} from those in flight. The message about them may be lost. */
    private void passOver(long end) {
        for (; firstInFlight < end; firstInFlight++) {
            int slot = slot(firstInFlight);
            if (state[slot] == SENT) {
                inFlightBytes -= sizeBytes[slot];
                state[slot] = UNREPORTED;
            }
        }
    }

    private void countMissed(int feedbackCount) {
        if (messages > 0) {
            int step = (byte) (feedbackCount - lastFeedbackCount);
            messagesMissed += Math.max(0, step - 1);
            if (step <= 0) {
                messages++;
                return; // A later message arrived before this one.
            }
        }
        messages++;
        lastFeedbackCount = feedbackCount;
    }

    private static int slot(long sequence) {
        return (int) sequence & (WINDOW_PACKETS - 1);
    }
}
