package org.rotunda.media.congestion;

import java.util.Arrays;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;

/**
 * Turns transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) into the packets it tells
 * about for the first time. Owned by the event loop of the transport; reused arrays.
 *
 * <p>After {@link #read}, the received packets stand in the order of their arrival. Packets that a message repeats are
 * told once. A packet reported as not received counts as lost only when the next message still does not tell of its
 * arrival: it may have been overtaken, and with much jitter the end of each message has such packets (libwebrtc counts
 * them at once and corrects later).
 */
final class FeedbackReader implements TransportFeedback.Sink {
    /**
     * The maximum number of received packets in a message: a delta has at least one byte, and {@link
     * RtcpCompound#LENGTH_BYTES_MAX} bounds the message.
     */
    static final int RECEIVED_MAX = RtcpCompound.LENGTH_BYTES_MAX;

    private static final int RECEIVED_START =
            64; // 50 ms at 1,280 packets/s; the arrays double when that is not enough.
    private static final int REFERENCE_BITS = 24;
    private static final int INDEX_BITS = 11; // RECEIVED_MAX fits.

    private final SendHistory history;
    private long[] order = new long[RECEIVED_START]; // The arrival, then the index: sorts by arrival.
    private long[] sentNanos = new long[RECEIVED_START];
    private long[] arrivalNanos = new long[RECEIVED_START];
    private int[] sizes = new int[RECEIVED_START];
    private byte[] clusters = new byte[RECEIVED_START];
    private int count;
    private boolean sorted;
    private long referenceTicks; // The unwrapped reference time of the latest message.
    private boolean started;
    private int lastCount = -1;
    private long next; // The extended number of the next status of the message being read.
    private long highestReported;
    private long confirmed; // Packets below this number are never counted as lost again.
    private int lostPackets;
    private int lostBytes;
    private int recoveredPackets;
    private int recoveredBytes;
    private int feedbacksLost;
    private long receivedBytes;
    private long oldestSentNanos;
    private long newestSentNanos;

    FeedbackReader(SendHistory history) {
        this.history = history;
    }

    /**
     * Reads a valid message.
     *
     * @return true if the message told anything new
     */
    boolean read(RtcpCompound packet) {
        begin(packet);
        long before = highestReported;
        TransportFeedback.forEach(packet, this);
        confirmLosses(before);
        if (!sorted) {
            Arrays.sort(order, 0, count);
        }
        return count > 0 || lostPackets > 0;
    }

    /** Forgets what was reported; called when the history is cleared. */
    void reset() {
        highestReported = history.highest();
        confirmed = highestReported + 1;
        started = false;
        lastCount = -1;
        count = 0;
    }

    private void begin(RtcpCompound packet) {
        count = 0;
        sorted = true;
        lostPackets = 0;
        lostBytes = 0;
        recoveredPackets = 0;
        recoveredBytes = 0;
        receivedBytes = 0;
        oldestSentNanos = Long.MAX_VALUE;
        newestSentNanos = Long.MIN_VALUE;
        int feedbackCount = TransportFeedback.feedbackCount(packet);
        int step = lastCount < 0 ? 1 : (feedbackCount - lastCount) & 0xFF;
        feedbacksLost = step == 0 || step > 0x80 ? 0 : step - 1;
        if (step <= 0x80) {
            lastCount = feedbackCount;
        }
        long reference = TransportFeedback.referenceTime(packet);
        long latest = referenceTicks / TransportFeedback.TICKS_PER_REFERENCE;
        long difference = started ? signed(reference - latest) : reference - latest;
        started = true;
        referenceTicks = (latest + difference) * TransportFeedback.TICKS_PER_REFERENCE;
        next = history.unwrap(TransportFeedback.baseSequence(packet));
    }

    private static long signed(long difference) {
        return difference << (Long.SIZE - REFERENCE_BITS) >> (Long.SIZE - REFERENCE_BITS);
    }

    @Override
    public void onReceived(int sequenceNumber, int ticks) {
        long packet = next++;
        int state = history.state(packet);
        if (state == SendHistory.NONE) {
            return;
        }
        highestReported = Math.max(highestReported, packet);
        if (state == SendHistory.LOST) {
            recoveredPackets++;
            recoveredBytes += history.sizeBytes(packet);
        }
        if (count == order.length) {
            grow();
        }
        if (count < order.length) {
            long arrivalTicks = referenceTicks + ticks;
            sentNanos[count] = history.sentNanos(packet);
            arrivalNanos[count] = arrivalTicks * TransportFeedback.TICK_NANOS;
            sizes[count] = history.sizeBytes(packet);
            clusters[count] = (byte) history.cluster(packet);
            receivedBytes += sizes[count];
            oldestSentNanos = Math.min(oldestSentNanos, sentNanos[count]);
            newestSentNanos = Math.max(newestSentNanos, sentNanos[count]);
            order[count] = arrivalTicks << INDEX_BITS | count;
            sorted &= count == 0 || order[count] > order[count - 1];
            count++;
        }
        history.setState(packet, SendHistory.NONE);
    }

    private void grow() {
        int length = Math.min(RECEIVED_MAX, order.length * 2);
        order = Arrays.copyOf(order, length);
        sentNanos = Arrays.copyOf(sentNanos, length);
        arrivalNanos = Arrays.copyOf(arrivalNanos, length);
        sizes = Arrays.copyOf(sizes, length);
        clusters = Arrays.copyOf(clusters, length);
    }

    @Override
    public void onNotReceived(int sequenceNumber) {
        long packet = next++;
        if (history.state(packet) == SendHistory.IN_FLIGHT) {
            highestReported = Math.max(highestReported, packet);
            history.setState(packet, SendHistory.MISSING);
        }
    }

    /** Counts the packets that an earlier message told as missing, and that are missing still. */
    private void confirmLosses(long end) {
        long first = Math.max(confirmed, history.oldest());
        for (long packet = first; packet <= end; packet++) {
            int state = history.state(packet);
            // In flight below the highest reported: the message that told of it was lost. Nothing is known of it.
            if (state == SendHistory.MISSING) {
                lostPackets++;
                lostBytes += history.sizeBytes(packet);
                history.setState(packet, SendHistory.LOST);
            }
        }
        confirmed = Math.max(confirmed, end + 1);
    }

    /** Returns the number of packets that the message told as received for the first time. */
    int received() {
        return count;
    }

    /** Returns the departure time of the received packet with this rank in the order of arrival. */
    long sentNanos(int rank) {
        return sentNanos[index(rank)];
    }

    /** Returns the arrival time, by the clock of the receiver. */
    long arrivalNanos(int rank) {
        return arrivalNanos[index(rank)];
    }

    int sizeBytes(int rank) {
        return sizes[index(rank)];
    }

    int cluster(int rank) {
        return clusters[index(rank)];
    }

    /** Returns the departure time of the received packet that was sent last. */
    long newestSentNanos() {
        return newestSentNanos;
    }

    /** Returns the departure time of the received packet that was sent first. */
    long oldestSentNanos() {
        return oldestSentNanos;
    }

    /** Returns the size of all packets received. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Returns the highest extended sequence number that any message has told about. */
    long highestReported() {
        return highestReported;
    }

    int lostPackets() {
        return lostPackets;
    }

    int lostBytes() {
        return lostBytes;
    }

    /** Returns the number of packets that had been counted as lost and have now arrived. */
    int recoveredPackets() {
        return recoveredPackets;
    }

    int recoveredBytes() {
        return recoveredBytes;
    }

    /** Returns the number of messages missing before this one. */
    int feedbacksLost() {
        return feedbacksLost;
    }

    private int index(int rank) {
        return (int) order[rank] & ((1 << INDEX_BITS) - 1);
    }
}
