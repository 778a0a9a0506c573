package org.rotunda.load.bot;

import java.util.random.RandomGenerator;
import org.rotunda.media.feedback.NtpTime;
import org.rotunda.media.feedback.PacketHistory;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.testkit.PeerTrack;

/**
 * One SSRC that a bot sends: its sequence numbers and picture ids, its statistics for sender reports, and the sent
 * packets that the router may request again. Owned by one loop.
 */
final class OutgoingStream implements PeerTrack.Stream, RtcpReporter.StreamClock {
    private final int ssrc;
    private final int rtxSsrc;
    private final int clockRateHz;
    private final int timestampBase;
    private final long startNanos;
    private final long unixMinusMonotonicNanos;
    private final SendStatistics statistics;
    private final PacketHistory history;
    private int sequenceNumber;
    private int rtxSequenceNumber;
    private int pictureId;
    private int tl0PicIdx;

    OutgoingStream(RandomGenerator random, boolean video, long startNanos, long unixMinusMonotonicNanos) {
        ssrc = random.nextInt() | 1; // An odd SSRC is never zero.
        rtxSsrc = ssrc + 1;
        clockRateHz = video ? 90_000 : 48_000;
        timestampBase = random.nextInt();
        this.startNanos = startNanos;
        this.unixMinusMonotonicNanos = unixMinusMonotonicNanos;
        statistics = new SendStatistics(ssrc);
        history = new PacketHistory(video ? PacketHistory.VIDEO_PACKETS : PacketHistory.AUDIO_PACKETS);
        // Sequence numbers start in the lower half, so that they do not wrap early. If the first packets were lost, the
        // receiver's SRTP could not notice an early wrap.
        sequenceNumber = random.nextInt(1 << 15);
        rtxSequenceNumber = random.nextInt(1 << 15);
        pictureId = random.nextInt(1 << 15);
        tl0PicIdx = random.nextInt(1 << 8);
    }

    @Override
    public int ssrc() {
        return ssrc;
    }

    @Override
    public int rtxSsrc() {
        return rtxSsrc;
    }

    SendStatistics statistics() {
        return statistics;
    }

    /** Returns the sent packets as they were before protection. */
    PacketHistory history() {
        return history;
    }

    int takeSequenceNumber() {
        int taken = sequenceNumber;
        sequenceNumber = sequenceNumber + 1 & 0xFFFF;
        return taken;
    }

    int takeRtxSequenceNumber() {
        int taken = rtxSequenceNumber;
        rtxSequenceNumber = rtxSequenceNumber + 1 & 0xFFFF;
        return taken;
    }

    /** Advances the picture id at the beginning of a VP8 frame. In the base layer, also advances TL0PICIDX. */
    void nextPicture(int temporalId) {
        pictureId = pictureId + 1 & 0x7FFF;
        if (temporalId == 0) {
            tl0PicIdx = tl0PicIdx + 1 & 0xFF;
        }
    }

    int pictureId() {
        return pictureId;
    }

    int tl0PicIdx() {
        return tl0PicIdx;
    }

    /** Returns the RTP timestamp of media captured at this time. */
    int timestampAt(long nanos) {
        return timestampBase + (int) ((nanos - startNanos) / 1_000 * (clockRateHz / 1_000) / 1_000);
    }

    @Override
    public boolean isKnown() {
        return true;
    }

    @Override
    public long ntpAt(long nowNanos) {
        return NtpTime.ofUnixNanos(unixMinusMonotonicNanos + nowNanos);
    }

    @Override
    public int rtpAt(long nowNanos) {
        return timestampAt(nowNanos);
    }
}
