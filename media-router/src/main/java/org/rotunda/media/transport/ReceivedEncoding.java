package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.feedback.KeyFrameGroup;
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
    private final @Nullable String rid; // Null if the description gives the SSRC.
    private final int clockRateHz;
    // An encoding that is announced by MID has no SSRC before its first packet.
    private boolean hasSsrc;
    private int ssrc;
    private boolean hasRtx;
    private int rtxSsrc;
    private ReceptionStatistics statistics;
    private final KeyFrameRequests keyFrames;
    private final RtcpExchange rtcp;
    // The buffers are made when the first packet comes, because a client may describe many streams that it never sends.
    private @Nullable PacketHistory history;
    private @Nullable LossRepair repair; // Stays null for audio.
    private boolean closed;
    private long takenReceived;
    private long takenExpected;

    ReceivedEncoding(
            ReceivedTrack track,
            int index,
            MediaPlan.Encoding encoding,
            int clockRateHz,
            KeyFrameGroup group,
            RtcpExchange rtcp) {
        this.allocator = rtcp.allocator();
        this.track = track;
        this.index = index;
        this.rid = encoding.rid();
        this.clockRateHz = clockRateHz;
        this.hasSsrc = encoding.hasSsrc();
        this.ssrc = hasSsrc ? (int) encoding.ssrc() : 0;
        this.hasRtx = encoding.rtxSsrc() != OutgoingTrack.NO_RTX;
        this.rtxSsrc = hasRtx ? (int) encoding.rtxSsrc() : 0;
        this.rtcp = rtcp;
        this.statistics = new ReceptionStatistics(ssrc, clockRateHz);
        this.keyFrames = new KeyFrameRequests(index == 0, group, () -> {
            if (hasSsrc) {
                rtcp.sendPli(ssrc);
            }
        });
        if (rtcp.rttNanos() != SendStatistics.RTT_UNKNOWN) {
            keyFrames.onRtt(rtcp.rttNanos());
        }
    }

    /** Uses a newly measured round-trip time of the transport. */
    void onRtt(long rttNanos) {
        if (repair != null) {
            repair.nacks.onRtt(rttNanos);
        }
        keyFrames.onRtt(rttNanos);
    }

    ReceivedTrack track() {
        return track;
    }

    int index() {
        return index;
    }

    /**
     * Returns whether the encoding is announced by MID and takes the packets with this RID on its m-line. An encoding
     * without RID takes all packets of the m-line.
     */
    boolean isAnnouncedBy(@Nullable String packetRid) {
        return rid != null && (rid.isEmpty() || rid.equals(packetRid));
    }

    /** Returns whether the SSRC is known. It is always known if the description gives it. */
    boolean hasSsrc() {
        return hasSsrc;
    }

    /** Sets the SSRC of an encoding that is announced by MID. The state of a previous SSRC is forgotten. */
    void bind(int packetSsrc) {
        if (hasSsrc) {
            release();
        }
        hasSsrc = true;
        ssrc = packetSsrc;
        statistics = new ReceptionStatistics(packetSsrc, clockRateHz);
    }

    void bindRtx(int packetSsrc) {
        hasRtx = true;
        rtxSsrc = packetSsrc;
    }

    /** Returns the SSRCs and the RID of the encoding, as a media plan contains them. */
    MediaPlan.Encoding described() {
        return new MediaPlan.Encoding(
                hasSsrc ? Integer.toUnsignedLong(ssrc) : MediaPlan.Encoding.NO_SSRC,
                hasRtx ? Integer.toUnsignedLong(rtxSsrc) : OutgoingTrack.NO_RTX,
                rid);
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
        return described().equals(encoding);
    }

    ReceptionStatistics statistics() {
        return statistics;
    }

    /** Returns the number of packets received since the previous call, without packets restored from RTX. */
    long takeReceived() {
        long received = statistics.packetsReceived();
        long more = received - takenReceived;
        takenReceived = received;
        return more >= 0 ? more : received; // A restarted stream counts anew.
    }

    /** Returns the number of packets that were expected since the previous call. */
    long takeExpected() {
        long expected = statistics.packetsReceived() + statistics.cumulativeLost();
        long more = expected - takenExpected;
        takenExpected = expected;
        return more >= 0 ? more : expected;
    }

    KeyFrameRequests keyFrames() {
        return keyFrames;
    }

    /** Notes a packet of the encoding; {@code recovered} is true if the packet was restored from RTX. */
    void onPacket(int sequenceNumber, int rtpTimestamp, boolean recovered, long nowNanos) {
        if (!recovered) {
            statistics.onPacket(sequenceNumber, rtpTimestamp, nowNanos);
        }
        if (!track.isVideo()) {
            return;
        }
        LossRepair losses = repair;
        if (losses == null) {
            losses = new LossRepair(rtcp.rttNanos());
            repair = losses;
            keyFrames.onStarted(nowNanos);
        }
        if (recovered) {
            losses.nacks.onRecovered(sequenceNumber, nowNanos);
        } else {
            losses.nacks.onPacket(sequenceNumber, nowNanos);
        }
        flush(losses, nowNanos);
    }

    void onKeyFrame(int sequenceNumber) {
        if (repair != null) {
            repair.nacks.onKeyFrame(sequenceNumber);
        }
        keyFrames.onKeyFrame();
    }

    /**
     * Keeps a copy of the packet for resends. The packet is often a slice of a 64 KiB read buffer, and retaining it
     * would keep the whole buffer in memory.
     *
     * @return the copy, which the caller must release
     */
    ByteBuf keep(int sequenceNumber, ByteBuf packet, long nowNanos) {
        ByteBuf copy = allocator.directBuffer(packet.readableBytes());
        copy.writeBytes(packet, packet.readerIndex(), packet.readableBytes());
        if (closed) {
            return copy;
        }
        PacketHistory packets = history;
        if (packets == null) {
            packets = new PacketHistory(track.isVideo() ? PacketHistory.VIDEO_PACKETS : PacketHistory.AUDIO_PACKETS);
            history = packets;
        }
        packets.put(sequenceNumber, copy, nowNanos);
        return copy;
    }

    /**
     * Returns the packet with that sequence number, or null if the packet is not kept. The caller borrows the packet.
     */
    @Nullable
    ByteBuf find(int sequenceNumber, long nowNanos) {
        return history == null ? null : history.get(sequenceNumber, nowNanos);
    }

    void onTimeout(long nowNanos) {
        LossRepair losses = repair;
        if (losses != null) {
            losses.nacks.onTimeout(nowNanos);
        }
        keyFrames.onTimeout(nowNanos);
        if (history != null) {
            history.onTimeout(nowNanos);
        }
        if (losses != null) {
            flush(losses, nowNanos);
        }
    }

    long nextDeadlineNanos() {
        return Deadline.min(
                keyFrames.nextDeadlineNanos(),
                repair == null ? Deadline.NO_DEADLINE : repair.nacks.nextDeadlineNanos(),
                history == null ? Deadline.NO_DEADLINE : history.nextDeadlineNanos());
    }

    RouterRoomView.EncodingView view(EncodingActivity activity, long nowNanos) {
        return new RouterRoomView.EncodingView(
                index,
                described().ssrc(),
                described().rtxSsrc(),
                activity.isActive(),
                activity.bitrateBps(nowNanos),
                activity.width(),
                activity.height(),
                activity.hasStarted() ? (nowNanos - activity.lastPacketNanos()) / NANOS_PER_MILLI : -1,
                statistics.packetsReceived(),
                Math.max(0, statistics.cumulativeLost()),
                statistics.jitterNanos() / (double) NANOS_PER_MILLI,
                repair == null ? 0 : repair.nacks.outstanding(),
                keyFrames.isPending());
    }

    void close() {
        closed = true;
        release();
    }

    private void release() {
        if (history != null) {
            history.close();
        }
        history = null;
        repair = null;
    }

    /**
     * Sends one NACK for the losses that the NACK generator has just found. Requests a key frame if a loss cannot be
     * repaired.
     */
    private void flush(LossRepair losses, long nowNanos) {
        NackBatch lost = losses.lost;
        if (lost.count > 0) {
            rtcp.sendNack(ssrc, lost.sequenceNumbers, lost.count);
            lost.count = 0;
        }
        if (lost.unrecoverable) {
            lost.unrecoverable = false;
            keyFrames.onNeeded(nowNanos);
        }
    }

    /** The NACK generator of a video encoding, with the requests that its current call has made so far. */
    private static final class LossRepair {
        private final NackBatch lost = new NackBatch();
        private final NackGenerator nacks;

        LossRepair(long rttNanos) {
            nacks = new NackGenerator(lost, rttNanos == SendStatistics.RTT_UNKNOWN ? INITIAL_RTT_NANOS : rttNanos);
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
