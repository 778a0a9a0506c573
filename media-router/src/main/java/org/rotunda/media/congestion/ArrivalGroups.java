package org.rotunda.media.congestion;

/**
 * Groups packets that left together, and gives the differences between the groups (libwebrtc, {@code
 * InterArrivalDelta}; draft-ietf-rmcat-gcc-02 §4.1 calls this pre-filtering). Packets come in the order of arrival.
 * Owned by one event loop.
 */
final class ArrivalGroups {
    /** The span of departures that one group covers. */
    static final long GROUP_NANOS = 5_000_000;

    /** A packet that follows within this time, and faster than it was sent, belongs to a burst of the network. */
    static final long BURST_NANOS = 5_000_000;

    /** The longest burst. */
    static final long BURST_NANOS_MAX = 100_000_000;

    /** A jump of the receiver's clock against ours that makes all differences meaningless. */
    static final long CLOCK_JUMP_NANOS = 3_000_000_000L;

    /** The number of groups in a row that arrived before their predecessor, after which everything is forgotten. */
    static final int REORDERED_MAX = 3;

    private boolean hasCurrent;
    private boolean hasPrevious;
    private long firstSent;
    private long lastSent;
    private long firstArrival;
    private long lastArrival;
    private long lastNow;
    private long previousSent;
    private long previousArrival;
    private long previousNow;
    private int reordered;
    private long sentDelta;
    private long arrivalDelta;

    /**
     * Adds a packet.
     *
     * @param nowNanos our time when the packet was reported
     * @return true if the packet began a new group and the two groups before it give a difference
     */
    boolean onPacket(long sentNanos, long arrivalNanos, long nowNanos) {
        if (!hasCurrent) {
            begin(sentNanos, arrivalNanos);
        } else if (sentNanos < firstSent) {
            return false; // A packet of an earlier group that was overtaken.
        } else if (isNewGroup(sentNanos, arrivalNanos)) {
            boolean differs = hasPrevious && difference();
            if (!hasCurrent) {
                return false; // The difference was nonsense, and everything was forgotten.
            }
            hasPrevious = true;
            previousSent = lastSent;
            previousArrival = lastArrival;
            previousNow = lastNow;
            begin(sentNanos, arrivalNanos);
            lastNow = nowNanos;
            return differs;
        } else {
            lastSent = Math.max(lastSent, sentNanos);
        }
        lastArrival = arrivalNanos;
        lastNow = nowNanos;
        return false;
    }

    /** Returns the time between the departures of the last two whole groups. */
    long sentDeltaNanos() {
        return sentDelta;
    }

    /** Returns the time between the arrivals of the last two whole groups. */
    long arrivalDeltaNanos() {
        return arrivalDelta;
    }

    void reset() {
        hasCurrent = false;
        hasPrevious = false;
        reordered = 0;
    }

    private void begin(long sentNanos, long arrivalNanos) {
        hasCurrent = true;
        firstSent = sentNanos;
        lastSent = sentNanos;
        firstArrival = arrivalNanos;
        lastArrival = arrivalNanos;
    }

    private boolean difference() {
        sentDelta = lastSent - previousSent;
        arrivalDelta = lastArrival - previousArrival;
        if (arrivalDelta - (lastNow - previousNow) >= CLOCK_JUMP_NANOS) {
            reset();
            return false;
        }
        if (arrivalDelta < 0) {
            if (++reordered >= REORDERED_MAX) {
                reset();
            }
            return false;
        }
        reordered = 0;
        return true;
    }

    private boolean isNewGroup(long sentNanos, long arrivalNanos) {
        return !isBurst(sentNanos, arrivalNanos) && sentNanos - firstSent > GROUP_NANOS;
    }

    private boolean isBurst(long sentNanos, long arrivalNanos) {
        long sinceSent = sentNanos - lastSent;
        if (sinceSent == 0) {
            return true;
        }
        long sinceArrival = arrivalNanos - lastArrival;
        return sinceArrival < sinceSent && sinceArrival <= BURST_NANOS && arrivalNanos - firstArrival < BURST_NANOS_MAX;
    }
}
