package org.rotunda.media.forward;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The activity of one encoding of a published track: whether it flows, its frame size, its bit rate and its last sender
 * report. Owned by its {@link SourceTrack}; all other classes only read it.
 */
public final class EncodingActivity {
    /**
     * The longest silence of a flowing encoding. After it the encoding counts as stopped: the publisher disabled it or
     * lacks the bandwidth for it.
     */
    static final long SILENCE_MAX_NANOS = 1_500_000_000L;

    private final BitrateMeter bitrate = new BitrateMeter();
    private boolean active;
    private boolean mediaStarted;
    private long lastPacketNanos;
    private int width;
    private int height;

    private boolean started;
    private long highestSequence;

    private boolean reported;
    private long reportNtpNanos;
    private int reportRtpTimestamp;

    /** Extends the sequence number to the value nearest to the highest so far. */
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

    /** Takes a packet with media; returns whether the encoding began to flow with this packet. */
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

    /** Marks a silent encoding as stopped; returns whether it stopped with this call. */
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

    /** The time of the last packet with media; meaningful once {@link #hasStarted}. */
    public long lastPacketNanos() {
        return lastPacketNanos;
    }

    /** The width of the last key frame in pixels; 0 before the first. */
    public int width() {
        return width;
    }

    /** The height of the last key frame in pixels; 0 before the first. */
    public int height() {
        return height;
    }

    /** The median bit rate of the last five whole seconds; 0 while unknown. */
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
