package org.rotunda.media.forward;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The activity of one encoding of a published track: whether media arrives (the encoding flows), its frame size, bit
 * rate and last sender report. The encoding's {@link SourceTrack} writes these values; all other classes only read
 * them.
 */
public final class EncodingActivity {
    /**
     * The silence after which an encoding counts as stopped. A publisher stops sending an encoding when it disables the
     * encoding or lacks bandwidth.
     */
    static final long SILENCE_MAX_NANOS = 1_500_000_000L;

    /**
     * The largest budget for skipped sequence numbers: the most that one burst may skip. Each subscriber reserves a
     * number for each skipped packet. Without the budget, each packet of a hostile publisher could cost as much as a
     * thousand packets.
     */
    static final int SKIPS_MAX = 4 * SequenceRewriter.WINDOW_PACKETS;

    /**
     * The number of sequence numbers by which each packet raises the budget. A stream that loses eight of nine packets
     * stays within the budget.
     */
    static final int SKIPS_PER_PACKET = 8;

    private final BitrateMeter bitrate = new BitrateMeter();
    private boolean active;
    private boolean mediaStarted;
    private long lastPacketNanos;
    private int width;
    private int height;

    private boolean started;
    private long highestSequence;
    private int skipsLeft = SKIPS_MAX;

    private boolean reported;
    private long reportNtpNanos;
    private int reportRtpTimestamp;

    /**
     * Charges the sequence numbers skipped before this packet to the budget. Returns false if the budget is too small.
     */
    boolean maySkipTo(int sequenceNumber) {
        if (!started) {
            return true;
        }
        skipsLeft = Math.min(SKIPS_MAX, skipsLeft + SKIPS_PER_PACKET);
        long skipped = SequenceNumbers.unwrap(sequenceNumber, highestSequence) - highestSequence - 1;
        int cost = (int) Math.max(0, Math.min(skipped, SequenceRewriter.WINDOW_PACKETS));
        if (cost > skipsLeft) {
            return false;
        }
        skipsLeft -= cost;
        return true;
    }

    /** Returns the extended form of a sequence number: the form nearest to the highest extended number so far. */
    long extend(int sequenceNumber) {
        if (!started) {
            started = true;
            highestSequence = SequenceNumbers.first(sequenceNumber);
            return highestSequence;
        }
        long sequence = SequenceNumbers.unwrap(sequenceNumber, highestSequence);
        highestSequence = Math.max(highestSequence, sequence);
        return sequence;
    }

    /** Handles a packet with media. Returns whether the encoding began to flow with this packet. */
    boolean onMedia(int lengthBytes, long nowNanos) {
        bitrate.onPacket(lengthBytes, nowNanos);
        lastPacketNanos = nowNanos;
        mediaStarted = true;
        boolean woke = !active;
        active = true;
        return woke;
    }

    void onFrameSize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
    }

    /** Marks a silent encoding as stopped. Returns whether the encoding stopped with this call. */
    boolean onTimeout(long nowNanos) {
        if (!active || nowNanos - lastPacketNanos < SILENCE_MAX_NANOS) {
            return false;
        }
        active = false;
        return true;
    }

    long nextDeadlineNanos() {
        return active ? lastPacketNanos + SILENCE_MAX_NANOS : NO_DEADLINE;
    }

    void onSenderReport(long ntpNanos, int rtpTimestamp) {
        reported = true;
        reportNtpNanos = ntpNanos;
        reportRtpTimestamp = rtpTimestamp;
    }

    void reset() {
        active = false;
        mediaStarted = false;
        started = false;
        reported = false;
    }

    /** Returns whether the encoding flows; {@link #onTimeout} clears this state after 1.5 s without media. */
    public boolean isActive() {
        return active;
    }

    /** Returns whether a packet with media has come since the encoding began or was reset. */
    public boolean hasStarted() {
        return mediaStarted;
    }

    /** The time of the last packet with media. Requires {@link #hasStarted}. */
    public long lastPacketNanos() {
        return lastPacketNanos;
    }

    /** The width of the last key frame in pixels, or 0 before the first key frame. */
    public int width() {
        return width;
    }

    /** The height of the last key frame in pixels, or 0 before the first key frame. */
    public int height() {
        return height;
    }

    /** The median bit rate of the last five whole seconds, or 0 if it is unknown. */
    public long bitrateBps(long nowNanos) {
        return bitrate.bitrateBps(nowNanos);
    }

    /** The highest extended sequence number received; undefined before the first packet. */
    public long highestSequence() {
        return highestSequence;
    }

    boolean hasSenderReport() {
        return reported;
    }

    long reportNtpNanos() {
        return reportNtpNanos;
    }

    int reportRtpTimestamp() {
        return reportRtpTimestamp;
    }
}
