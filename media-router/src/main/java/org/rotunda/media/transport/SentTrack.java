package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TrackKind;
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
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * A track that we send to the client: the stream of one subscription. Turns the packets of the source into encrypted
 * packets, and answers the client's feedback about them. Owned by one event loop.
 */
public final class SentTrack implements NackResponder.Resender, RtcpReporter.StreamClock {
    private static final double LOSS_UNITS = 256; // A report block gives the fraction lost in units of 1/256.

    private final String id;
    private final String streamId;
    private final TrackKind kind;
    private final int ssrc;
    private final int rtxSsrc;
    private final SrtpStreams srtp;
    private final TransportEnvironment environment;
    private final SendStatistics statistics;
    private final KeyFrameBudget keyFrameBudget = new KeyFrameBudget();
    private final EgressPacket egress = new EgressPacket();
    private int rtxSequenceNumber;
    private int highestSent;
    private long resentBefore; // The number of resends by earlier NACK responders.
    private @Nullable EgressParameters parameters; // Null until an m-line carries the track.
    private @Nullable NackResponder nacks; // Null until the client's first NACK or PLI.
    private @Nullable ReceivedTrack source;
    private @Nullable ForwardedTrack forwarded;
    // The forwarding state of the last source, after this source was detached. The next source continues the sequence
    // numbers and timestamps.
    private @Nullable ForwardedTrack ended;
    private boolean rtx;
    private LayerLimit layers = LayerLimit.NONE;
    private boolean paused;
    private boolean codecMissing; // True if the track has no source because its client cannot decode the source.

    SentTrack(
            String id,
            String streamId,
            TrackKind kind,
            int ssrc,
            int rtxSsrc,
            SrtpStreams srtp,
            TransportEnvironment environment) {
        this.id = id;
        this.streamId = streamId;
        this.kind = kind;
        this.ssrc = ssrc;
        this.rtxSsrc = rtxSsrc;
        this.srtp = srtp;
        this.environment = environment;
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
    public void attach(ReceivedTrack next, long nowNanos) {
        EgressParameters negotiated = parameters;
        if (source == next || negotiated == null || !srtp.canSend()) {
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
        forwarded.setDesired(layers.spatialMax(), layers.temporalMax(), paused, nowNanos);
    }

    /**
     * Returns whether the client can decode what the publisher of this source sends now. The answer is true while the
     * codec is not known.
     */
    public boolean canCarry(ReceivedTrack candidate) {
        Codec codec = candidate.codec();
        EgressParameters negotiated = parameters;
        return codec == null || negotiated == null || negotiated.payloadType(codec) != EgressParameters.NOT_NEGOTIATED;
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
        if (forwarded != null) {
            forwarded.setDesired(limit.spatialMax(), limit.temporalMax(), pause, nowNanos);
        }
    }

    /** Forwards one packet of the source. The packet is borrowed for the call. */
    public void onSourcePacket(SourcePacket packet, long nowNanos) {
        ForwardedTrack track = forwarded;
        EgressParameters negotiated = parameters;
        if (track == null || negotiated == null || !track.onSourcePacket(packet, egress)) {
            return;
        }
        highestSent = egress.sequenceNumber();
        if (packet.isStart() && kind == TrackKind.VIDEO && nacks != null) {
            nacks.onKeyFrameSent(highestSent);
        }
        statistics.onSent(packet.payloadLengthBytes());
        srtp.sendRtp(packet.plaintext(), egress, negotiated);
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
            responder = new NackResponder(rtx, this);
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
        source.encodings().get(track.currentEncoding()).keyFrames().onRequest(keyFrameBudget, nowNanos);
    }

    @Override
    public int resend(int sequenceNumber, boolean asRtx, long nowNanos) {
        ForwardedTrack track = forwarded;
        ReceivedTrack from = source;
        EgressParameters negotiated = parameters;
        if (track == null || from == null || negotiated == null) {
            return 0;
        }
        ByteBuf plaintext = track.onNack(sequenceNumber, from, nowNanos, egress);
        if (plaintext == null) {
            return 0;
        }
        if (!asRtx) {
            return srtp.repeatRtp(plaintext, egress, negotiated);
        }
        int sent = srtp.sendRtx(plaintext, egress, negotiated, rtxSequenceNumber);
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
