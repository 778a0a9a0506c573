package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.feedback.DownstreamLoss;
import org.rotunda.media.feedback.KeyFrameBudget;
import org.rotunda.media.feedback.NackResponder;
import org.rotunda.media.feedback.NtpTime;
import org.rotunda.media.feedback.ResendDrop;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.forward.EgressPacket;
import org.rotunda.media.forward.EgressParameters;
import org.rotunda.media.forward.ForwardedTrack;
import org.rotunda.media.forward.KeyFrameSink;
import org.rotunda.media.forward.SourceBatch;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.rtcp.ReportBlocks;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * A track that we send to the client: the stream of one subscription. Turns the packets of the source into encrypted
 * packets, and answers the client's feedback about them. Owned by one event loop.
 */
public final class SentTrack implements NackResponder.Resender, RtcpReporter.StreamClock {
    private static final Codec[] VIDEO_CODECS = {Codec.VP8, Codec.H264};
    private static final double LOSS_UNITS = 256; // A report block gives the fraction lost in units of 1/256.

    /** The distance behind the newest packet within which a probe takes packets to send again. */
    private static final int PROBED_PACKETS = 64;

    // The bit rate is measured over half a second: long enough for a few frames, short enough to show a change.
    private static final long RATE_BUCKET_NANOS = 100_000_000L;
    private static final int RATE_BUCKETS = 5;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // The largest numbers of bytes by which a packet is padded to the length of its neighbours. Chromium splits a frame
    // into packets that differ by one byte; packets of speech differ more.
    static final int VIDEO_MATE_PADDING_MAX = 32;
    static final int AUDIO_MATE_PADDING_MAX = 40;

    private static final int PADDING_BYTES_MAX = 255; // The last byte of a packet gives the number (RFC 3550 §5.1).

    private final String id;
    private final String trackSid;
    private final String streamId;
    private final TrackKind kind;
    private final int ssrc;
    private final int rtxSsrc;
    private final MediaEgress out;
    private final TransportEnvironment environment;
    private final SendStatistics statistics;
    private final KeyFrameBudget keyFrameBudget = new KeyFrameBudget();
    private final EgressPacket egress = new EgressPacket();
    private final DownstreamLoss loss = new DownstreamLoss();
    private final Consumer<String> onFlows;
    private final SentRates.Buckets bytes = new SentRates.Buckets(RATE_BUCKET_NANOS, RATE_BUCKETS);
    private int rtxSequenceNumber;
    private int highestSent;
    private long resentBefore; // The number of resends by earlier NACK responders.
    private @Nullable EgressParameters parameters; // Null until an m-line carries the track.
    private @Nullable NackResponder nacks; // Null until the client's first NACK or PLI.
    private @Nullable TrackSource source;
    private @Nullable ForwardedTrack forwarded;
    // The forwarding state of the last source, after this source was detached. The next source continues the sequence
    // numbers and timestamps.
    private @Nullable ForwardedTrack ended;
    private boolean rtx;
    private LayerLimit layers = LayerLimit.NONE;
    private boolean paused;
    private int rank; // The importance among the tracks to this client; 0 is the most important.
    private int probed; // The number of packets that probes have sent again, modulo PROBED_PACKETS.
    private long takenSent;
    private StepDown.Level level = StepDown.Level.AS_DESIRED;
    private int encoding = ForwardedTrack.NONE; // The encoding of the last packet.
    private boolean flowing; // True from the first packet until a pause.
    private boolean codecMissing; // True if the track has no source because its client cannot decode the source.

    /**
     * @param trackSid the SID of the publication
     * @param onFlows called with {@code trackSid} when the first packet leaves after the start or after a pause
     */
    SentTrack(
            String id,
            String trackSid,
            String streamId,
            TrackKind kind,
            int ssrc,
            int rtxSsrc,
            MediaEgress out,
            TransportEnvironment environment,
            Consumer<String> onFlows) {
        this.id = id;
        this.trackSid = trackSid;
        this.streamId = streamId;
        this.kind = kind;
        this.ssrc = ssrc;
        this.rtxSsrc = rtxSsrc;
        this.out = out;
        this.environment = environment;
        this.onFlows = onFlows;
        this.statistics = new SendStatistics(ssrc);
        this.rtxSequenceNumber = SequenceNumbers.initial(environment.random());
    }

    /** Returns the id of the subscription. */
    public String id() {
        return id;
    }

    String streamId() {
        return streamId;
    }

    TrackKind kind() {
        return kind;
    }

    int ssrc() {
        return ssrc;
    }

    int rtxSsrc() {
        return rtxSsrc;
    }

    SendStatistics statistics() {
        return statistics;
    }

    /** Returns the RTP clock rate of the codec that is sent now. */
    int clockRateHz() {
        ForwardedTrack track = forwarded != null ? forwarded : ended;
        return track != null ? track.clockRateHz() : (kind == TrackKind.VIDEO ? Codec.VP8 : Codec.OPUS).clockRateHz();
    }

    boolean isNegotiated() {
        return parameters != null;
    }

    /** Sets or replaces the SSRCs, payload types and extension ids of the m-line that carries this track. */
    void onNegotiated(EgressParameters negotiated, boolean withRtx) {
        parameters = negotiated;
        if (rtx != withRtx) {
            rtx = withRtx;
            resentBefore = resent();
            nacks = null;
        }
        if (forwarded != null) {
            forwarded.setParameters(negotiated);
        }
    }

    /** Returns whether lost packets are resent on the same SSRC, because no RTX was negotiated. */
    boolean needsRepeats() {
        return parameters != null && !rtx && kind == TrackKind.VIDEO;
    }

    /**
     * Forwards this source from now on. The sequence numbers and timestamps continue those of the earlier source. Does
     * nothing if the source is attached already. Also does nothing while no m-line carries the track or we cannot send
     * to the client, because a key frame requested then would be lost.
     */
    public void attach(TrackSource next, long nowNanos) {
        EgressParameters negotiated = parameters;
        if (source == next || negotiated == null || !out.canSend()) {
            return;
        }
        ForwardedTrack previous = forwarded != null ? forwarded : ended;
        KeyFrameSink keyFrames = next::requestKeyFrame;
        source = next;
        codecMissing = false;
        ended = null;
        forwarded = previous == null
                ? new ForwardedTrack(next.source(), negotiated, keyFrames, environment.random())
                : ForwardedTrack.continuing(previous, next.source(), negotiated, keyFrames);
        apply(nowNanos);
    }

    /**
     * Returns whether the client can decode what the publisher of this source sends now. The answer is true while the
     * codec is not known.
     */
    public boolean canCarry(TrackSource candidate) {
        Codec codec = candidate.codec();
        EgressParameters negotiated = parameters;
        return codec == null || negotiated == null || negotiated.payloadType(codec) != EgressParameters.NOT_NEGOTIATED;
    }

    /** Returns the encoding that is forwarded, or {@link ForwardedTrack#NONE}. */
    public int currentEncoding() {
        ForwardedTrack track = forwarded;
        return track == null ? ForwardedTrack.NONE : track.currentEncoding();
    }

    /** Stops forwarding until a source is attached again. */
    public void detach() {
        codecMissing = false;
        source = null;
        ended = forwarded != null ? forwarded : ended;
        forwarded = null;
    }

    /** Stops forwarding because the client cannot decode what the publisher sends. */
    public void detachForCodec() {
        detach();
        codecMissing = true;
    }

    public void setDesired(LayerLimit limit, boolean pause, long nowNanos) {
        layers = limit;
        paused = pause;
        apply(nowNanos);
    }

    /** Returns the number of packets of the source that wait to be forwarded. */
    int waiting() {
        return source == null ? 0 : source.batch().size();
    }

    /** Returns the length of the longest payload that waits to be forwarded. */
    int longestWaitingBytes() {
        return source == null ? 0 : source.batch().longestPayloadBytes();
    }

    /**
     * Forwards the packets of the source that wait.
     *
     * <p>Packets that leave together are padded to one length, so that they form a run. A packet of video is padded only
     * if its resends go in a stream of their own (RTX), because a repeated packet must be the same as the first. Audio is
     * never resent.
     *
     * @param mateBytes the payload length that packets of audio should have; 0 for no padding
     */
    void forward(int mateBytes, long nowNanos) {
        TrackSource from = source;
        if (from == null) {
            return;
        }
        SourceBatch batch = from.batch();
        boolean isPadded = kind == TrackKind.VIDEO && rtx;
        if (isPadded) {
            batch.measure();
        }
        for (int i = 0; i < batch.size(); i++) {
            SourcePacket packet = batch.get(i);
            int paddingBytes = isPadded
                    ? paddingBytes(packet, packet.frameMateBytes(), VIDEO_MATE_PADDING_MAX)
                    : paddingBytes(packet, mateBytes, AUDIO_MATE_PADDING_MAX);
            forward(packet, paddingBytes, nowNanos);
        }
    }

    private static int paddingBytes(SourcePacket packet, int mateBytes, int maxBytes) {
        int missing = mateBytes - packet.payloadLengthBytes();
        return missing < 0 || missing > maxBytes ? 0 : missing;
    }

    private void forward(SourcePacket packet, int paddingBytes, long nowNanos) {
        ForwardedTrack track = forwarded;
        EgressParameters negotiated = parameters;
        if (track == null || negotiated == null || !track.onSourcePacket(packet, egress)) {
            return;
        }
        int sequenceNumber = egress.sequenceNumber();
        if (!statistics.hasSent() || SequenceNumbers.isNewer(sequenceNumber, highestSent)) {
            highestSent = sequenceNumber;
        }
        if (packet.isStart() && kind == TrackKind.VIDEO && nacks != null && !egress.isEmpty()) {
            nacks.onKeyFrameSent(sequenceNumber);
        }
        statistics.onSent(egress.isEmpty() ? 0 : packet.payloadLengthBytes());
        int padding = egress.isEmpty() ? 0 : paddingBytes;
        int lengthBytes = out.forward(packet, egress, negotiated, padding, nowNanos);
        if (padding > 0 && lengthBytes > 0) {
            environment.quality().onPadded();
        }
        bytes.add(lengthBytes, nowNanos);
        if (packet.encoding() != encoding) {
            if (encoding != ForwardedTrack.NONE) {
                environment.quality().onLayerSwitch();
            }
            encoding = packet.encoding();
        }
        if (!flowing && lengthBytes > 0 && !isStopped()) { // The end of a frame may follow a pause.
            flowing = true;
            if (kind == TrackKind.VIDEO) {
                onFlows.accept(trackSid);
            }
        }
    }

    /** Returns the number of packets sent since the previous call, without resends. */
    long takeSent() {
        long packets = statistics.packetsSent();
        long more = packets - takenSent;
        takenSent = packets;
        return more;
    }

    /** Sends less than the room desires, until {@link #release}. */
    void reduce(StepDown.Level next, long nowNanos) {
        level = next;
        environment.quality().onReduced(next);
        apply(nowNanos);
    }

    /** Sends what the room desires again. */
    void release(long nowNanos) {
        if (level != StepDown.Level.AS_DESIRED) {
            level = StepDown.Level.AS_DESIRED;
            apply(nowNanos);
        }
    }

    StepDown.Level level() {
        return level;
    }

    private boolean isStopped() {
        return paused || level == StepDown.Level.STOPPED;
    }

    private void apply(long nowNanos) {
        boolean isLowest = level == StepDown.Level.LOWEST;
        flowing &= !isStopped();
        if (forwarded != null) {
            forwarded.setDesired(
                    isLowest ? 0 : layers.spatialMax(), isLowest ? 0 : layers.temporalMax(), isStopped(), nowNanos);
        }
    }

    /** Sets the importance among the tracks to this client; 0 is the most important. */
    void setRank(int next) {
        rank = next;
    }

    int rank() {
        return rank;
    }

    String trackSid() {
        return trackSid;
    }

    DownstreamLoss loss() {
        return loss;
    }

    /** Returns the bit rate of the last half second, as lengths of UDP payloads without resends. */
    long sentBps(long nowNanos) {
        return 8 * bytes.sum(nowNanos) * NANOS_PER_SECOND / (RATE_BUCKETS * RATE_BUCKET_NANOS);
    }

    /** Handles a report block of the client about the media stream. Returns the measured round-trip time, if any. */
    long onReportBlock(RtcpCompound report, int block, long nowNanos) {
        loss.onReport(
                ReportBlocks.extendedHighestSequence(report, block),
                ReportBlocks.cumulativeLost(report, block),
                statistics.packetsSent(),
                highestSent);
        return statistics.onReportBlock(report, block, nowNanos);
    }

    // --- probes ---------------------------------------------------------------------------------------------------

    /** Returns whether packets are forwarded now and can be sent again as RTX. */
    boolean canProbe() {
        return kind == TrackKind.VIDEO && rtx && flowing && forwarded != null;
    }

    /**
     * Sends one of the last packets again as RTX, although the client has not asked for it.
     *
     * @return the length of the encrypted packet in bytes, or 0 if no packet can be sent
     */
    int sendProbe(long nowNanos) {
        int newest = highestSent - out.held(); // A copy of a packet that still waits would overtake it.
        for (int tries = 0; tries < PROBED_PACKETS; tries++) {
            int sequenceNumber = (newest - probed) & 0xFFFF;
            probed = (probed + 1) % PROBED_PACKETS;
            int lengthBytes = resend(sequenceNumber, true, true, nowNanos);
            if (lengthBytes > 0) {
                return lengthBytes;
            }
        }
        return 0;
    }

    /**
     * Returns whether a packet without media can be sent now: in the RTX stream at any time, and without RTX in the
     * media stream between two frames that have both left.
     */
    boolean canPad() {
        if (kind != TrackKind.VIDEO) {
            return false;
        }
        return rtx
                ? rtxPayloadType() != EgressParameters.NOT_NEGOTIATED
                : flowing && forwarded != null && forwarded.canInsert() && out.held() == 0;
    }

    /** Sends a packet without media, of about this many bytes. Returns its length, or 0. Requires {@link #canPad}. */
    int sendPadding(int lengthBytes, long nowNanos) {
        EgressParameters negotiated = parameters;
        ForwardedTrack track = forwarded;
        if (negotiated == null) {
            return 0;
        }
        int paddingBytes = Math.max(1, Math.min(PADDING_BYTES_MAX, lengthBytes));
        if (rtx) {
            int number = rtxSequenceNumber;
            rtxSequenceNumber = (rtxSequenceNumber + 1) & 0xFFFF;
            return out.sendPadding(
                    negotiated, rtxSsrc, rtxPayloadType(), number, rtpAt(nowNanos), paddingBytes, nowNanos);
        }
        if (track == null) {
            return 0;
        }
        highestSent = track.insert();
        statistics.onSent(0);
        return out.sendPadding(
                negotiated,
                ssrc,
                negotiated.payloadType(egress.codec()),
                highestSent,
                track.lastTimestamp(),
                paddingBytes,
                nowNanos);
    }

    private int rtxPayloadType() {
        EgressParameters negotiated = parameters;
        if (negotiated != null) {
            for (Codec codec : VIDEO_CODECS) {
                if (negotiated.rtxPayloadType(codec) != EgressParameters.NOT_NEGOTIATED) {
                    return negotiated.rtxPayloadType(codec);
                }
            }
        }
        return EgressParameters.NOT_NEGOTIATED;
    }

    /** Handles a NACK of the client for one packet. */
    void onNack(int sequenceNumber, long nowNanos) {
        if (parameters == null) {
            return;
        }
        NackResponder responder = responder();
        if (statistics.rttNanos() != SendStatistics.RTT_UNKNOWN) {
            responder.onRtt(statistics.rttNanos());
        }
        ResendDrop drop = responder.onNack(sequenceNumber, highestSent, nowNanos);
        if (drop != null) {
            environment
                    .drops()
                    .count(
                            switch (drop) {
                                case TOO_OLD, BEFORE_KEY_FRAME, GONE -> TransportDrop.RESEND_TOO_OLD;
                                case TOO_OFTEN, TOO_SOON, OVER_BUDGET -> TransportDrop.RESEND_LIMITED;
                            });
        }
    }

    private NackResponder responder() {
        NackResponder responder = nacks;
        if (responder == null) {
            responder = new NackResponder(rtx, out.resendBudget(), this);
            nacks = responder;
        }
        return responder;
    }

    /** Handles the client's request for a key frame. */
    void onPictureLoss(long nowNanos) {
        ForwardedTrack track = forwarded;
        if (track == null || source == null || track.currentEncoding() == ForwardedTrack.NONE) {
            return; // Nothing is forwarded now, so the track already waits for a key frame.
        }
        responder().onPli();
        source.onPictureLoss(track.currentEncoding(), keyFrameBudget, nowNanos);
    }

    @Override
    public int resend(int sequenceNumber, boolean asRtx, long nowNanos) {
        return resend(sequenceNumber, asRtx, false, nowNanos);
    }

    private int resend(int sequenceNumber, boolean asRtx, boolean isProbe, long nowNanos) {
        ForwardedTrack track = forwarded;
        TrackSource from = source;
        EgressParameters negotiated = parameters;
        if (track == null || from == null || negotiated == null) {
            return 0;
        }
        ByteBuf plaintext = track.onNack(sequenceNumber, from, nowNanos, egress);
        if (plaintext == null) {
            return 0;
        }
        if (!asRtx) {
            return out.repeatRtp(plaintext, egress, negotiated, nowNanos);
        }
        int sent = out.sendRtx(plaintext, egress, negotiated, rtxSequenceNumber, isProbe, nowNanos);
        rtxSequenceNumber = (rtxSequenceNumber + 1) & 0xFFFF;
        return sent;
    }

    /**
     * Describes this track for troubleshooting.
     *
     * @param trackSid the SID of the publication; null if the room does not list the track
     */
    public RouterRoomView.SentTrackView view(@Nullable String trackSid) {
        ForwardedTrack track = forwarded;
        Map<String, Long> dropped = new HashMap<>();
        if (track != null) {
            track.addDropsTo(dropped);
        }
        return new RouterRoomView.SentTrackView(
                id,
                trackSid,
                kind,
                Integer.toUnsignedLong(ssrc),
                forwarding(),
                layers,
                track == null ? ForwardedTrack.NONE : track.currentEncoding(),
                track == null ? ForwardedTrack.NONE : track.targetEncoding(),
                track == null ? 0 : track.currentTemporalLayer(),
                track == null ? 0 : track.forwardedPackets(),
                resent(),
                statistics.fractionLost() / LOSS_UNITS,
                dropped);
    }

    private RouterRoomView.Forwarding forwarding() {
        ForwardedTrack track = forwarded;
        if (parameters == null) {
            return RouterRoomView.Forwarding.NOT_NEGOTIATED;
        }
        if (track == null) {
            return codecMissing ? RouterRoomView.Forwarding.NO_CODEC : RouterRoomView.Forwarding.NO_SOURCE;
        }
        if (paused) {
            return RouterRoomView.Forwarding.PAUSED;
        }
        int current = track.currentEncoding();
        int target = track.targetEncoding();
        if (current == ForwardedTrack.NONE) {
            return !track.isTargetFlowing() || kind == TrackKind.AUDIO
                    ? RouterRoomView.Forwarding.NOTHING_FLOWS
                    : RouterRoomView.Forwarding.WAITING_FOR_KEY_FRAME;
        }
        if (current != target) {
            return target == ForwardedTrack.NONE
                    ? RouterRoomView.Forwarding.ABOVE_LIMIT
                    : RouterRoomView.Forwarding.SWITCHING;
        }
        boolean isBelowLimit =
                kind == TrackKind.VIDEO && current < Math.min(layers.spatialMax(), track.encodingCount() - 1);
        return isBelowLimit ? RouterRoomView.Forwarding.BELOW_LIMIT : RouterRoomView.Forwarding.AS_DESIRED;
    }

    long resent() {
        return resentBefore + (nacks == null ? 0 : nacks.resent());
    }

    void onTimeout(long nowNanos) {
        if (forwarded != null) {
            forwarded.onTimeout(nowNanos);
        }
    }

    @Override
    public boolean isKnown() {
        ForwardedTrack track = forwarded;
        return track != null && track.currentEncoding() != ForwardedTrack.NONE;
    }

    /**
     * Returns the time of our wall clock. All our streams to this client use this clock, so that the client can
     * synchronize them.
     */
    @Override
    public long ntpAt(long nowNanos) {
        return NtpTime.ofUnixNanos(environment.unixNanosAt(nowNanos));
    }

    @Override
    public int rtpAt(long nowNanos) {
        ForwardedTrack track = forwarded;
        return track == null ? 0 : track.egressTimestampAt(nowNanos);
    }
}
