package org.rotunda.media.sctp;

/**
 * Limits the bytes in flight by slow start, congestion avoidance and fast recovery (RFC 9260 §7.2).
 *
 * <p>We depart from the RFC in one point, as Chromium's stack does: the first window is ten packets (RFC 6928 gives the
 * reasons).
 */
final class CongestionWindow {
    private static final int INITIAL_PACKETS = 10;
    private static final int THRESHOLD_PACKETS_MIN = 4; // RFC 9260 §7.2.3.

    private final int packetBytes;
    private final long windowMax;
    private long window;
    private long threshold;
    private long partialBytesAcked;
    private boolean inFastRecovery;
    private int recoveryExitTsn;

    /** Makes a window that never exceeds {@code windowMax}, the size of the send buffer. */
    CongestionWindow(int packetBytes, long windowMax) {
        this.packetBytes = packetBytes;
        this.windowMax = windowMax;
        this.window = (long) INITIAL_PACKETS * packetBytes;
        this.threshold = windowMax;
    }

    long bytes() {
        return window;
    }

    boolean isInFastRecovery() {
        return inFastRecovery;
    }

    /**
     * Grows the window after the cumulative TSN has advanced. {@code wasFull} is true if the window was used up before
     * this SACK.
     */
    void onAcked(long ackedBytes, boolean wasFull, boolean nothingLeft, int cumulativeTsn) {
        if (inFastRecovery) {
            if (Serial.isBefore(cumulativeTsn, recoveryExitTsn)) {
                return; // The window does not grow in fast recovery (§7.2.4).
            }
            inFastRecovery = false;
        }
        if (window <= threshold) {
            if (wasFull) {
                window += Math.min(ackedBytes, packetBytes);
            }
        } else {
            partialBytesAcked += ackedBytes;
            if (partialBytesAcked >= window && wasFull) {
                partialBytesAcked -= window;
                window += packetBytes;
            }
        }
        window = Math.min(window, windowMax);
        if (nothingLeft) {
            partialBytesAcked = 0;
        }
    }

    /** Halves the window after three miss indications (§7.2.4), once per loss episode. */
    void onFastRetransmit(int highestOutstandingTsn) {
        if (inFastRecovery) {
            return;
        }
        inFastRecovery = true;
        recoveryExitTsn = highestOutstandingTsn;
        threshold = Math.max(window / 2, (long) THRESHOLD_PACKETS_MIN * packetBytes);
        window = threshold;
        partialBytesAcked = 0;
    }

    /** Shrinks the window to one packet after T3-rtx expired (§7.2.3). */
    void onTimeout() {
        threshold = Math.max(window / 2, (long) THRESHOLD_PACKETS_MIN * packetBytes);
        window = packetBytes;
        partialBytesAcked = 0;
        inFastRecovery = false;
    }
}
