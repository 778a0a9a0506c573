package org.rotunda.media.feedback;

import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The losses of one sent stream on the way to its receiver, from the receiver's report blocks (RFC 3550 §6.4.1).
 *
 * <p>A report block counts missing sequence numbers, whatever the reason. Packets that were already lost on the way
 * from the publisher leave holes in our stream, and the receiver counts them too. Therefore the losses are the
 * difference between the packets that we sent and the packets that the receiver got, up to the highest number in the
 * report. Retransmissions and padding in another stream count on neither side. Sans-IO; owned by one event loop.
 */
public final class DownstreamLoss {
    /** The largest rise of the highest number between two reports. A larger rise is a restart of the receiver. */
    static final int RISE_MAX = 1 << 15;

    private boolean started;
    private int highest; // The receiver's highest extended number in its last report.
    private int cumulativeLost;
    private long sentUpToHighest;
    private long expected;
    private long lost;
    private long takenExpected;
    private long takenLost;
    private double loss;

    /**
     * Handles a report block.
     *
     * @param extendedHighest the raw extended highest sequence number of the block
     * @param reportedLost the cumulative number of lost packets of the block
     * @param packetsSent the number of packets sent so far, without resends
     * @param highestSent the highest sequence number sent so far
     */
    public void onReport(int extendedHighest, int reportedLost, long packetsSent, int highestSent) {
        int onTheWay = Math.max(0, SequenceNumbers.difference(highestSent, extendedHighest & 0xFFFF));
        long sent = Math.max(0, packetsSent - onTheWay);
        int rise = extendedHighest - highest;
        if (started && rise >= 0 && rise <= RISE_MAX) {
            // A duplicate lowers the cumulative loss, and a late packet was counted as lost before.
            long received = Math.max(0, rise - (long) (reportedLost - cumulativeLost));
            long expectedNow = Math.max(0, sent - sentUpToHighest);
            expected += expectedNow;
            lost += Math.max(0, expectedNow - received);
        }
        started = true;
        highest = extendedHighest;
        cumulativeLost = reportedLost;
        sentUpToHighest = sent;
    }

    /** Returns the number of packets that the receiver should have got since the first report. */
    public long expected() {
        return expected;
    }

    /** Returns the number of expected packets that the receiver did not get. */
    public long lost() {
        return lost;
    }

    /**
     * Returns the share of lost packets, from 0 to 1, since the previous call. Without a report since then, returns the
     * previous share again, because a receiver reports less often than it is asked.
     */
    public double takeLoss() {
        if (expected > takenExpected) {
            loss = Math.min(1, (double) (lost - takenLost) / (expected - takenExpected));
            takenExpected = expected;
            takenLost = lost;
        }
        return loss;
    }
}
