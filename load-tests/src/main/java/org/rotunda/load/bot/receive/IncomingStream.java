package org.rotunda.load.bot.receive;

import io.netty.buffer.ByteBuf;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.source.FrameStamp;
import org.rotunda.media.feedback.NackGenerator;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.rtp.RtpHeader;

/**
 * One SSRC that a bot receives: its statistics for report blocks, the packets it asks for again, when it asks for a key frame, and its
 * {@link ContinuityChecker}. Sans-IO; owned by one loop.
 */
public final class IncomingStream implements NackGenerator.Sink {
    /** As long as libwebrtc waits for a decodable frame before it asks. */
    static final long KEY_FRAME_WAIT_NANOS = 200_000_000L;

    /** Between two requests for the same stream. */
    static final long PLI_INTERVAL_NANOS = 300_000_000L;

    /** What a resend is expected to take: libwebrtc's guess, which it keeps as long as it only receives. */
    private static final long RTT_NANOS = 100_000_000L;

    private static final int NACKS_PER_MESSAGE_MAX = 256;
    private static final long NEVER = Long.MIN_VALUE;

    private final int ssrc;
    private final String trackId;
    private final boolean video;
    private final ReceptionStatistics statistics;
    private final ContinuityChecker checker;
    private final @Nullable NackGenerator nacks; // Of video: nobody resends sound.
    private final Histogram delayMicros;
    private final int[] nackNumbers;
    private int rtxSsrc;
    private int nackCount;
    private boolean keyFrameWanted;
    private long undecodableSinceNanos = NEVER;
    private long pliNanos = NEVER;
    private long lastFrameNanos = NEVER;
    private long frameGapMaxNanos;
    private long bytes;

    /** @param delayMicros where one-way delays are recorded, in microseconds; shared by the streams of a bot */
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

    /** The id under which the router sends the track. */
    public String trackId() {
        return trackId;
    }

    /** The SSRC on which lost packets of it come again; 0 for none. */
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

    /** RTP bytes, headers included. */
    public long bytes() {
        return bytes;
    }

    /** The longest time between two frames, of video only. */
    public long frameGapMaxNanos() {
        return frameGapMaxNanos;
    }

    /**
     * A decrypted packet. Borrowed.
     *
     * @param viaRtx whether it came on the RTX stream and was restored
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
            keyFrameWanted = false;
        } else if (undecodableSinceNanos == NEVER) {
            undecodableSinceNanos = nowNanos;
        }
    }

    /** Time passes: losses are asked for or given up. */
    public void onTime(long nowNanos) {
        checker.onTime(nowNanos);
        if (nacks != null) {
            nacks.onTimeout(nowNanos);
        }
        if (undecodableSinceNanos != NEVER && nowNanos - undecodableSinceNanos >= KEY_FRAME_WAIT_NANOS) {
            keyFrameWanted = true;
        }
    }

    /** Whether a key frame must be asked for now; saying yes begins the wait for the answer. */
    public boolean takeKeyFrameRequest(long nowNanos) {
        if (!keyFrameWanted || (pliNanos != NEVER && nowNanos - pliNanos < PLI_INTERVAL_NANOS)) {
            return false;
        }
        pliNanos = nowNanos;
        return true;
    }

    /** Packets to ask for now: the first {@link #nackCount} of {@link #nackNumbers}. {@link #clearNacks} afterwards. */
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
        keyFrameWanted = true;
    }
}
