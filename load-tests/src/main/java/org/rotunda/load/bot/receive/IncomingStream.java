package org.rotunda.load.bot.receive;

import io.netty.buffer.ByteBuf;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.source.FrameStamp;
import org.rotunda.media.feedback.NackGenerator;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.rtp.RtpHeader;

/**
 * One SSRC that a bot receives: its statistics for report blocks, its NACKs, its key-frame requests, and its {@link
 * ContinuityChecker}. Sans-IO; owned by one loop.
 */
public final class IncomingStream implements NackGenerator.Sink {
    /** The time without a decodable frame after which a key frame is requested, as in libwebrtc. */
    static final long KEY_FRAME_WAIT_NANOS = 200_000_000L;

    /** The shortest interval between two key-frame requests for one stream. */
    static final long PLI_INTERVAL_NANOS = 300_000_000L;

    /**
     * The assumed round-trip time. A libwebrtc client that only receives starts with this value and never changes it.
     */
    private static final long RTT_NANOS = 100_000_000L;

    private static final int NACKS_PER_MESSAGE_MAX = 256;
    private static final long NEVER = Long.MIN_VALUE;

    private final int ssrc;
    private final String trackId;
    private final boolean video;
    private final ReceptionStatistics statistics;
    private final ContinuityChecker checker;
    // The generator is null for audio, because lost audio packets are not resent.
    private final @Nullable NackGenerator nacks;
    private final Histogram delayMicros;
    private final int[] nackNumbers;
    private int rtxSsrc;
    private int nackCount;
    private boolean keyFrameNeeded;
    private long undecodableSinceNanos = NEVER;
    private long pliNanos = NEVER;
    private long lastFrameNanos = NEVER;
    private long frameGapMaxNanos;
    private long bytes;

    /** Creates a stream. {@code delayMicros} records the one-way delays of all streams of the bot. */
    public IncomingStream(int ssrc, String trackId, boolean video, FaultCounters faults, Histogram delayMicros) {
        this.ssrc = ssrc;
        this.trackId = trackId;
        this.video = video;
        this.statistics = new ReceptionStatistics(ssrc, video ? 90_000 : 48_000);
        this.checker = new ContinuityChecker(video, trackId + " (" + Integer.toUnsignedString(ssrc) + ")", faults);
        this.delayMicros = delayMicros;
        nackNumbers = new int[video ? NACKS_PER_MESSAGE_MAX : 0];
        nacks = video ? new NackGenerator(this, RTT_NANOS) : null;
    }

    public int ssrc() {
        return ssrc;
    }

    /** Returns the track id in the router's description. */
    public String trackId() {
        return trackId;
    }

    /** Returns the SSRC of the RTX stream; 0 if there is none. */
    public int rtxSsrc() {
        return rtxSsrc;
    }

    public void setRtxSsrc(int ssrcOfResends) {
        rtxSsrc = ssrcOfResends;
    }

    public boolean isVideo() {
        return video;
    }

    public ReceptionStatistics statistics() {
        return statistics;
    }

    public ContinuityChecker checker() {
        return checker;
    }

    /** Returns the number of RTP bytes, headers included. */
    public long bytes() {
        return bytes;
    }

    /** Returns the longest time between two video frames; 0 for audio. */
    public long frameGapMaxNanos() {
        return frameGapMaxNanos;
    }

    /**
     * Processes a decrypted packet. The packet is borrowed.
     *
     * @param viaRtx whether the packet came on the RTX stream and was restored
     */
    public void onPacket(ByteBuf packet, boolean viaRtx, long nowNanos) {
        bytes += packet.readableBytes();
        int number = RtpHeader.sequenceNumber(packet);
        if (nacks != null) {
            nacks.onPacket(number, nowNanos);
        }
        if (!viaRtx) {
            statistics.onPacket(number, RtpHeader.timestamp(packet), nowNanos);
            measure(packet, nowNanos);
        }
        checker.onPacket(packet, nowNanos);
        if (video) {
            watchDecoding(packet, nowNanos);
        }
    }

    private void measure(ByteBuf packet, long nowNanos) {
        if (!RtpHeader.isPaddingValid(packet)) {
            return;
        }
        int payload = packet.readerIndex() + RtpHeader.lengthBytes(packet);
        int end = payload + RtpHeader.payloadLengthBytes(packet);
        if (FrameStamp.isAt(packet, payload, end)) {
            long micros = (nowNanos - FrameStamp.nanos(packet, end)) / 1_000;
            delayMicros.recordValue(Math.max(0, Math.min(micros, delayMicros.getHighestTrackableValue())));
        }
    }

    private void watchDecoding(ByteBuf packet, long nowNanos) {
        if (RtpHeader.marker(packet)) {
            if (lastFrameNanos != NEVER) {
                frameGapMaxNanos = Math.max(frameGapMaxNanos, nowNanos - lastFrameNanos);
            }
            lastFrameNanos = nowNanos;
        }
        if (checker.isDecodable()) {
            undecodableSinceNanos = NEVER;
            keyFrameNeeded = false;
        } else if (undecodableSinceNanos == NEVER) {
            undecodableSinceNanos = nowNanos;
        }
    }

    /** Handles deadlines: repeats NACKs, gives up lost packets, and notes when a key frame is needed. */
    public void onTime(long nowNanos) {
        checker.onTime(nowNanos);
        if (nacks != null) {
            nacks.onTimeout(nowNanos);
        }
        if (undecodableSinceNanos != NEVER && nowNanos - undecodableSinceNanos >= KEY_FRAME_WAIT_NANOS) {
            keyFrameNeeded = true;
        }
    }

    /**
     * Returns whether a key frame must be requested now. After a call that returned true, further calls return false
     * for {@link #PLI_INTERVAL_NANOS}.
     */
    public boolean takeKeyFrameRequest(long nowNanos) {
        if (!keyFrameNeeded || (pliNanos != NEVER && nowNanos - pliNanos < PLI_INTERVAL_NANOS)) {
            return false;
        }
        pliNanos = nowNanos;
        return true;
    }

    /**
     * Returns how many entries of {@link #nackNumbers} must be requested now. The caller must call {@link #clearNacks}
     * after sending the request.
     */
    public int nackCount() {
        return nackCount;
    }

    public int[] nackNumbers() {
        return nackNumbers;
    }

    public void clearNacks() {
        nackCount = 0;
    }

    @Override
    public void nack(int sequenceNumber) {
        if (nackCount < NACKS_PER_MESSAGE_MAX) {
            nackNumbers[nackCount++] = sequenceNumber;
        }
    }

    @Override
    public void unrecoverable() {
        keyFrameNeeded = true;
    }
}
