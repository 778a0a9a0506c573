package org.rotunda.media.forward;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The activity of one encoding of a published track: whether media arrives (the encoding flows), its frame size, rates
 * and last sender report. The encoding's {@link SourceTrack} writes these values; all other classes only read
 * them.
 */
public final class EncodingActivity {
    /**
     * The silence after which an encoding no longer flows. An encoding whose siblings go on is noticed earlier, by {@link
     * FrameWatch}.
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

    private static final long BITS_PER_KBIT = 1_000;

    /** The frame interval that is assumed before the second frame. */
    static final long INTERVAL_UNKNOWN_NANOS = 100_000_000L;

    /** The longest time between two frames that counts for the frame interval. A longer time is a pause. */
    private static final long INTERVAL_MAX_NANOS = 1_000_000_000L;

    private static final long LOSS_MEMORY_NANOS = 5_000_000_000L;

    private static final int INTERVAL_SHIFT = 3; // Each interval counts for an eighth.

    private final LayerMeter meter = new LayerMeter();
    private boolean active;
    private boolean asleep; // The encoding does not flow, because the whole track is silent.
    private boolean mediaStarted;
    private boolean newFrame; // The last packet was the first of its frame to arrive.
    private boolean newest; // The last packet belonged to the newest frame.
    private long intervalNanos = INTERVAL_UNKNOWN_NANOS;
    private long flowsSinceNanos;
    private long lastPacketNanos;
    private int width;
    private int height;
    private int newestTimestamp; // The newest frame's RTP timestamp; undefined before mediaStarted.
    private int keyFrameTimestamp; // The newest key frame's RTP timestamp; undefined before keyFrameSeen.
    private boolean keyFrameSeen;

    private boolean started;
    private long highestSequence;
    private int skipsLeft = SKIPS_MAX;
    private boolean skipped; // The packet at hand skips sequence numbers.
    private boolean lossSeen;
    private long lastLossNanos;

    private boolean reported;
    private long reportNtpNanos;
    private int reportRtpTimestamp;

    /**
     * Charges the sequence numbers skipped before this packet to the budget. Returns false if the budget is too small.
     */
    boolean maySkipTo(int sequenceNumber) {
        skipped = false;
        if (!started) {
            return true;
        }
        skipsLeft = Math.min(SKIPS_MAX, skipsLeft + SKIPS_PER_PACKET);
        long skips = SequenceNumbers.unwrap(sequenceNumber, highestSequence) - highestSequence - 1;
        skipped = skips > 0;
        int cost = (int) Math.max(0, Math.min(skips, SequenceRewriter.WINDOW_PACKETS));
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
    boolean onMedia(SourcePacket packet) {
        newFrame = !mediaStarted || (packet.behindPackets() == 0 && packet.timestamp() != newestTimestamp);
        newest = newFrame || packet.timestamp() == newestTimestamp;
        if (newFrame) {
            followInterval(packet);
            newestTimestamp = packet.timestamp();
        }
        meter.onPacket(packet.plaintext().readableBytes(), packet.temporalId(), newFrame, packet.arrivalNanos());
        if (packet.codec().isVideo() && packet.isStart()) {
            keyFrameSeen = true;
            keyFrameTimestamp = packet.timestamp();
        }
        if (packet.width() > 0) {
            width = packet.width();
            height = packet.height();
        }
        if (skipped) {
            lossSeen = true;
            lastLossNanos = packet.arrivalNanos();
        }
        lastPacketNanos = packet.arrivalNanos();
        mediaStarted = true;
        return newest && wake(packet.arrivalNanos()); // A late packet does not show that the encoding flows.
    }

    /** Smooths the time between two frames, which the RTP timestamps tell without the jitter of the network. */
    private void followInterval(SourcePacket packet) {
        if (!mediaStarted) {
            return;
        }
        int ticks = packet.timestamp() - newestTimestamp; // The difference wraps modulo 2^32, like timestamps.
        long nanos = ticks * 1_000_000L / (packet.codec().clockRateHz() / 1_000);
        if (nanos > 0 && nanos <= INTERVAL_MAX_NANOS) {
            intervalNanos += intervalNanos == INTERVAL_UNKNOWN_NANOS
                    ? nanos - intervalNanos
                    : (nanos - intervalNanos) >> INTERVAL_SHIFT;
        }
    }

    /** Lets the encoding flow again. Returns whether it did not flow before. */
    private boolean wake(long nowNanos) {
        boolean woke = !active;
        if (woke) {
            flowsSinceNanos = nowNanos;
        }
        active = true;
        asleep = false;
        return woke;
    }

    /** Lets the encoding flow again if it stopped only because the whole track was silent. */
    void wakeWithTrack(long nowNanos) {
        if (asleep) {
            wake(nowNanos);
        }
    }

    /** Marks the encoding as stopped. It may be stopped although its last packet is not old. */
    void stop() {
        active = false;
    }

    /** Marks the encoding as silent together with its whole track. */
    void sleep() {
        asleep |= active;
        active = false;
    }

    /** Returns whether packets of the encoding were lost or reordered in the last five seconds. */
    boolean isLossy(long nowNanos) {
        return lossSeen && nowNanos - lastLossNanos < LOSS_MEMORY_NANOS;
    }

    /** Returns whether the last packet was the first of its frame to arrive. */
    boolean isNewFrame() {
        return newFrame;
    }

    /** Returns whether the last packet belonged to the newest frame. */
    boolean isNewest() {
        return newest;
    }

    /** The usual time between two frames. */
    long frameIntervalNanos() {
        return intervalNanos;
    }

    /** Returns whether the packet ends a key frame. Requires that {@link #onMedia} had the packet. */
    boolean isKeyFrameEnd(SourcePacket packet) {
        return keyFrameSeen && packet.marker() && packet.timestamp() == keyFrameTimestamp;
    }

    /** Returns whether the encoding should no longer flow, because it was silent for too long. */
    boolean isSilent(long nowNanos) {
        return nowNanos >= nextDeadlineNanos();
    }

    long nextDeadlineNanos() {
        return active ? Math.max(lastPacketNanos, flowsSinceNanos) + SILENCE_MAX_NANOS : NO_DEADLINE;
    }

    void onSenderReport(long ntpNanos, int rtpTimestamp) {
        reported = true;
        reportNtpNanos = ntpNanos;
        reportRtpTimestamp = rtpTimestamp;
    }

    void reset() {
        active = false;
        asleep = false;
        mediaStarted = false;
        intervalNanos = INTERVAL_UNKNOWN_NANOS;
        started = false;
        reported = false;
        keyFrameSeen = false;
    }

    /** Takes over the state of the same encoding in another source, apart from the measured rates. */
    void follow(EncodingActivity other) {
        active = other.active;
        asleep = other.asleep;
        mediaStarted = other.mediaStarted;
        intervalNanos = other.intervalNanos;
        flowsSinceNanos = other.flowsSinceNanos;
        lastPacketNanos = other.lastPacketNanos;
        width = other.width;
        height = other.height;
        newestTimestamp = other.newestTimestamp;
        keyFrameTimestamp = other.keyFrameTimestamp;
        keyFrameSeen = other.keyFrameSeen;
        started = other.started;
        highestSequence = other.highestSequence;
        skipsLeft = other.skipsLeft;
        lossSeen = other.lossSeen;
        lastLossNanos = other.lastLossNanos;
        reported = other.reported;
        reportNtpNanos = other.reportNtpNanos;
        reportRtpTimestamp = other.reportRtpTimestamp;
    }

    /** Returns whether the encoding flows: media arrives, and neither frames are missed nor the track is silent. */
    public boolean isActive() {
        return active;
    }

    /**
     * Returns whether the encoding is silent together with the whole track, like that of a still screen. It is expected
     * to flow again with the track.
     */
    boolean isAsleep() {
        return asleep;
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
        return meter.bitrateBps(LayerMeter.TEMPORAL_LAYERS - 1, nowNanos);
    }

    /** The median frame rate of the last five whole seconds, or 0 if it is unknown. */
    int framesPerSecond(long nowNanos) {
        return meter.framesPerSecond(nowNanos);
    }

    /** The cumulative bit rates as {@link MeasuredLayer#cumulativeKbps} describes them. */
    List<Integer> cumulativeKbps(long nowNanos) {
        List<Integer> rates = new ArrayList<>();
        for (int layer = 0; layer < meter.temporalLayers(nowNanos); layer++) {
            rates.add((int) (meter.bitrateBps(layer, nowNanos) / BITS_PER_KBIT));
        }
        return rates;
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
