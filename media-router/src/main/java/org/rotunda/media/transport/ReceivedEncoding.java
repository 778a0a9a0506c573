package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.feedback.KeyFrameRequests;
import org.rotunda.media.feedback.NackGenerator;
import org.rotunda.media.feedback.PacketHistory;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.forward.EncodingActivity;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.sdp.OutgoingTrack;
import org.rotunda.media.time.Deadline;

/**
 * One received encoding of a track. Finds its lost packets, keeps its statistics, and keeps its last packets for all
 * subscribers. Owned by one event loop.
 */
final class ReceivedEncoding {
    /**
     * The round-trip time that is assumed before the first measurement, so that a NACK is not repeated too early. A
     * round trip is measured only from the client's reports about our media. If we send no media, the assumed time
     * stays in use.
     */
    private static final long INITIAL_RTT_NANOS = 100_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final ByteBufAllocator allocator;
    private final ReceivedTrack track;
    private final int index;
    private final int ssrc;
    private final int rtxSsrc;
    private final boolean hasRtx;
    private final ReceptionStatistics statistics;
    private final PacketHistory history;
    private final NackBatch lost = new NackBatch();
    private final NackGenerator nacks;
    private final KeyFrameRequests keyFrames;
    private final RtcpExchange rtcp;

    ReceivedEncoding(ReceivedTrack track, int index, MediaPlan.Encoding encoding, int clockRateHz, RtcpExchange rtcp) {
        this.allocator = rtcp.allocator();
        this.track = track;
        this.index = index;
        this.ssrc = (int) encoding.ssrc();
        this.hasRtx = encoding.rtxSsrc() != OutgoingTrack.NO_RTX;
        this.rtxSsrc = hasRtx ? (int) encoding.rtxSsrc() : 0;
        this.rtcp = rtcp;
        this.statistics = new ReceptionStatistics(ssrc, clockRateHz);
        this.history = new PacketHistory(track.isVideo() ? PacketHistory.VIDEO_PACKETS : PacketHistory.AUDIO_PACKETS);
        this.nacks = new NackGenerator(lost, INITIAL_RTT_NANOS);
        this.keyFrames = new KeyFrameRequests(index == 0, () -> rtcp.sendPli(ssrc));
        if (rtcp.rttNanos() != SendStatistics.RTT_UNKNOWN) {
            onRtt(rtcp.rttNanos());
        }
    }

    /** Uses a newly measured round-trip time of the transport. */
    void onRtt(long rttNanos) {
        nacks.onRtt(rttNanos);
        keyFrames.onRtt(rttNanos);
    }

    ReceivedTrack track() {
        return track;
    }

    int index() {
        return index;
    }

    int ssrc() {
        return ssrc;
    }

    int rtxSsrc() {
        return rtxSsrc;
    }

    boolean hasRtx() {
        return hasRtx;
    }

    boolean isOf(MediaPlan.Encoding encoding) {
        boolean describesRtx = encoding.rtxSsrc() != OutgoingTrack.NO_RTX;
        return ssrc == (int) encoding.ssrc()
                && hasRtx == describesRtx
                && (!hasRtx || rtxSsrc == (int) encoding.rtxSsrc());
    }

    ReceptionStatistics statistics() {
        return statistics;
    }

    KeyFrameRequests keyFrames() {
        return keyFrames;
    }

    /** Notes a packet of the encoding; {@code recovered} is true if the packet was restored from RTX. */
    void onPacket(int sequenceNumber, int rtpTimestamp, boolean recovered, long nowNanos) {
        if (recovered) {
            nacks.onRecovered(sequenceNumber, nowNanos);
        } else {
            statistics.onPacket(sequenceNumber, rtpTimestamp, nowNanos);
            if (track.isVideo()) {
                nacks.onPacket(sequenceNumber, nowNanos);
            }
        }
        flush(nowNanos);
    }

    void onKeyFrame(int sequenceNumber) {
        nacks.onKeyFrame(sequenceNumber);
        keyFrames.onKeyFrame();
    }

    /**
     * Keeps a copy of the packet for resends. The packet is often a slice of a 64 KiB read buffer, and retaining it
     * would keep the whole buffer in memory.
     */
    void keep(int sequenceNumber, ByteBuf packet, long nowNanos) {
        ByteBuf copy = allocator.directBuffer(packet.readableBytes());
        copy.writeBytes(packet, packet.readerIndex(), packet.readableBytes());
        history.put(sequenceNumber, copy, nowNanos);
        copy.release(); // The history has retained the copy.
    }

    PacketHistory history() {
        return history;
    }

    void onTimeout(long nowNanos) {
        nacks.onTimeout(nowNanos);
        keyFrames.onTimeout(nowNanos);
        history.onTimeout(nowNanos);
        flush(nowNanos);
    }

    long nextDeadlineNanos() {
        return Deadline.min(nacks.nextDeadlineNanos(), keyFrames.nextDeadlineNanos(), history.nextDeadlineNanos());
    }

    RouterRoomView.EncodingView view(EncodingActivity activity, long nowNanos) {
        return new RouterRoomView.EncodingView(
                index,
                Integer.toUnsignedLong(ssrc),
                hasRtx ? Integer.toUnsignedLong(rtxSsrc) : OutgoingTrack.NO_RTX,
                activity.isActive(),
                activity.bitrateBps(nowNanos),
                activity.width(),
                activity.height(),
                activity.hasStarted() ? (nowNanos - activity.lastPacketNanos()) / NANOS_PER_MILLI : -1,
                statistics.packetsReceived(),
                Math.max(0, statistics.cumulativeLost()),
                statistics.jitterNanos() / (double) NANOS_PER_MILLI,
                nacks.outstanding(),
                keyFrames.isPending());
    }

    void close() {
        history.close();
    }

    /**
     * Sends one NACK for the losses that the NACK generator has just found. Requests a key frame if a loss cannot be
     * repaired.
     */
    private void flush(long nowNanos) {
        if (lost.count > 0) {
            rtcp.sendNack(ssrc, lost.sequenceNumbers, lost.count);
            lost.count = 0;
        }
        if (lost.unrecoverable) {
            lost.unrecoverable = false;
            keyFrames.onNeeded(nowNanos);
        }
    }

    /** Collects the requests of one call of the NACK generator. */
    private static final class NackBatch implements NackGenerator.Sink {
        /**
         * The maximum number of packets in one NACK. The generator requests further packets later, if they are still
         * missing.
         */
        private static final int SEQUENCE_NUMBERS_MAX = 128;

        private final int[] sequenceNumbers = new int[SEQUENCE_NUMBERS_MAX];
        private int count;
        private boolean unrecoverable;

        @Override
        public void nack(int sequenceNumber) {
            if (count < SEQUENCE_NUMBERS_MAX) {
                sequenceNumbers[count++] = sequenceNumber;
            }
        }

        @Override
        public void unrecoverable() {
            unrecoverable = true;
        }
    }
}
