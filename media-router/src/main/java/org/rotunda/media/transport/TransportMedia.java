package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.feedback.RtxReceiver;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.CodecPayload;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.sdp.OutgoingTrack;

/**
 * The RTP streams of one transport, both ways: which SSRC is which track, as wished and as negotiated. Owned by one event loop.
 */
final class TransportMedia {
    /** SSRC 0 is legal and never useful; some tools read it as "none". */
    private static final int NO_SSRC = 0;

    /**
     * Subscriptions look at the clock this often. Their waits (a layer that stopped, a key frame that does not come) are of seconds;
     * asking each of fifty for its deadline after every packet would cost more than sending the packet.
     */
    private static final long SENT_TICK_NANOS = 100_000_000L;

    private final Transport transport;
    private final TransportEnvironment environment;
    private final RtcpExchange rtcp;
    private final Map<String, ReceivedTrack> received = new LinkedHashMap<>();
    private final Map<String, SentTrack> sent = new LinkedHashMap<>();
    private final SsrcMap<ReceivedEncoding> receivedBySsrc = new SsrcMap<>();
    private final SsrcMap<SentTrack> sentBySsrc = new SsrcMap<>();
    private final RtxReceiver rtx = new RtxReceiver();
    private final SourceClock clock = new SourceClock();
    private int transportSequenceId; // Of the extension; 0 if it was not negotiated. One id on all bundled m-lines (RFC
    // 8843 §9.2).
    private long sentDeadlineNanos = Long.MAX_VALUE;

    TransportMedia(Transport transport, TransportEnvironment environment, RtcpExchange rtcp) {
        this.transport = transport;
        this.environment = environment;
        this.rtcp = rtcp;
    }

    Collection<ReceivedTrack> receivedTracks() {
        return received.values();
    }

    @Nullable
    ReceivedTrack received(String clientTrackId) {
        return received.get(clientTrackId);
    }

    /** The track under that id once an m-line carries it. */
    @Nullable
    SentTrack sent(String id) {
        SentTrack track = sent.get(id);
        return track == null || !track.isNegotiated() ? null : track;
    }

    @Nullable
    ReceivedEncoding receivedBySsrc(int ssrc) {
        return receivedBySsrc.get(ssrc);
    }

    @Nullable
    SentTrack sentBySsrc(int ssrc) {
        return sentBySsrc.get(ssrc);
    }

    /** Takes over what to send, whole, and answers it in the negotiation's terms. */
    List<OutgoingTrack> want(List<DesiredTransport.Subscription> wishes, String cname, long nowNanos) {
        Set<String> ids = new HashSet<>();
        for (DesiredTransport.Subscription wish : wishes) {
            ids.add(wish.id());
            if (!sent.containsKey(wish.id())) {
                add(wish);
            }
        }
        sent.values().removeIf(track -> !ids.contains(track.id()) && remove(track));
        sentDeadlineNanos = sent.isEmpty() ? Long.MAX_VALUE : Math.min(sentDeadlineNanos, nowNanos + SENT_TICK_NANOS);
        List<OutgoingTrack> outgoing = new ArrayList<>();
        for (SentTrack track : sent.values()) {
            MediaKind kind = track.kind() == TrackKind.AUDIO ? MediaKind.AUDIO : MediaKind.VIDEO;
            long rtxSsrc = kind == MediaKind.VIDEO ? Integer.toUnsignedLong(track.rtxSsrc()) : OutgoingTrack.NO_RTX;
            outgoing.add(new OutgoingTrack(
                    track.id(), track.streamId(), kind, Integer.toUnsignedLong(track.ssrc()), rtxSsrc, cname));
        }
        return outgoing;
    }

    /** Follows a completed negotiation; true if a stream came, went or changed. */
    boolean onPlan(MediaPlan plan, long nowNanos) {
        boolean changed = false;
        boolean hasVideo = false;
        Set<String> present = new HashSet<>();
        for (MediaPlan.Line line : plan.lines()) {
            transportSequenceId =
                    Math.max(transportSequenceId, PlanTerms.extensionId(line, HeaderExtension.TRANSPORT_CC));
            for (CodecPayload payload : line.payloads()) {
                if (payload.hasRtx()) {
                    rtx.mapPayloadType(payload.rtxPayloadType(), payload.payloadType());
                }
            }
            MediaPlan.Incoming incoming = line.incoming();
            if (incoming != null && !incoming.encodings().isEmpty()) {
                String id = incoming.trackId() == null ? "mid:" + line.mid() : incoming.trackId();
                present.add(id);
                changed |= receive(id, line, incoming.encodings());
            }
            OutgoingTrack outgoing = line.outgoing();
            SentTrack track = outgoing == null ? null : sent.get(outgoing.trackId());
            if (track != null) {
                changed |= !track.isNegotiated();
                track.onNegotiated(PlanTerms.egress(line, track.ssrc(), track.rtxSsrc()), PlanTerms.hasRtx(line));
            }
            hasVideo |= line.kind() == MediaKind.VIDEO && (incoming != null || outgoing != null);
        }
        List<ReceivedTrack> gone = new ArrayList<>();
        received.forEach((id, track) -> {
            if (!present.contains(id)) {
                gone.add(track);
            }
        });
        for (ReceivedTrack track : gone) {
            received.remove(track.clientTrackId());
            forget(track);
            track.close();
        }
        rtcp.reporter().onVideo(hasVideo, nowNanos);
        return changed || !gone.isEmpty();
    }

    /** One decrypted RTP packet; borrowed for the call. */
    void onRtp(ByteBuf packet, long nowNanos) {
        int ssrc = RtpHeader.ssrc(packet);
        if (transportSequenceId != 0) {
            int element = RtpExtensions.find(packet, transportSequenceId);
            if (element != RtpExtensions.NONE && RtpExtensions.lengthBytes(element) >= 2) {
                rtcp.onArrival(packet.getUnsignedShort(packet.readerIndex() + RtpExtensions.offset(element)), ssrc);
            }
        }
        ReceivedEncoding encoding = receivedBySsrc.get(ssrc);
        if (encoding == null) {
            environment.drops().count(TransportDrop.UNKNOWN_SSRC);
            return;
        }
        boolean recovered = encoding.ssrc() != ssrc;
        if (recovered) {
            RtxReceiver.Outcome outcome = rtx.restore(packet);
            if (outcome != RtxReceiver.Outcome.RESTORED) {
                environment
                        .drops()
                        .count(
                                outcome == RtxReceiver.Outcome.PADDING_ONLY
                                        ? TransportDrop.RTX_PADDING
                                        : TransportDrop.RTX_MALFORMED);
                return;
            }
        }
        encoding.track().onPacket(encoding, packet, recovered, nowNanos);
    }

    void onTimeout(long nowNanos) {
        for (ReceivedTrack track : received.values()) {
            track.onTimeout(nowNanos);
        }
        if (nowNanos >= sentDeadlineNanos) {
            for (SentTrack track : sent.values()) {
                track.onTimeout(nowNanos);
            }
            sentDeadlineNanos = sent.isEmpty() ? Long.MAX_VALUE : nowNanos + SENT_TICK_NANOS;
        }
    }

    long nextDeadlineNanos() {
        long deadline = Long.MAX_VALUE;
        for (ReceivedTrack track : received.values()) {
            deadline = Math.min(deadline, track.nextDeadlineNanos());
        }
        return Math.min(deadline, sentDeadlineNanos);
    }

    long resent() {
        long resent = 0;
        for (SentTrack track : sent.values()) {
            resent += track.resent();
        }
        return resent;
    }

    void close() {
        received.values().forEach(ReceivedTrack::close);
        received.clear();
        sent.values().forEach(SentTrack::detach);
        sent.clear();
    }

    private boolean receive(String id, MediaPlan.Line line, List<MediaPlan.Encoding> described) {
        int audioLevelId = PlanTerms.extensionId(line, HeaderExtension.AUDIO_LEVEL);
        ReceivedTrack track = received.get(id);
        if (track != null && track.hasEncodings(described)) {
            track.source().onNegotiated(PlanTerms.payloadTypes(line), audioLevelId);
            return false;
        }
        if (track != null && track.encodings().size() == described.size()) {
            forget(track);
            track.redescribe(described);
        } else {
            if (track != null) {
                forget(track);
                track.close();
            }
            track = new ReceivedTrack(
                    id,
                    line.kind() == MediaKind.VIDEO,
                    described,
                    PlanTerms.payloadTypes(line),
                    audioLevelId,
                    clock,
                    rtcp);
            received.put(id, track);
        }
        for (ReceivedEncoding encoding : track.encodings()) {
            receivedBySsrc.put(encoding.ssrc(), encoding);
            rtcp.reporter().addReceiver(encoding.statistics());
            if (encoding.hasRtx() && rtx.mapStream(encoding.rtxSsrc(), encoding.ssrc())) {
                receivedBySsrc.put(encoding.rtxSsrc(), encoding);
            }
        }
        return true;
    }

    private void forget(ReceivedTrack track) {
        for (ReceivedEncoding encoding : track.encodings()) {
            receivedBySsrc.remove(encoding.ssrc());
            rtcp.reporter().removeReceiver(encoding.ssrc());
            transport.forgetInbound(encoding.ssrc());
            if (encoding.hasRtx()) {
                receivedBySsrc.remove(encoding.rtxSsrc());
                rtx.unmapStream(encoding.rtxSsrc());
                transport.forgetInbound(encoding.rtxSsrc());
            }
        }
    }

    /** One stream id for all that one participant publishes: receivers synchronise what shares it. */
    private void add(DesiredTransport.Subscription wish) {
        SentTrack track = new SentTrack(
                wish.id(),
                wish.source().participantSid(),
                wish.kind(),
                freshSsrc(),
                freshSsrc(),
                transport,
                environment.random());
        sent.put(wish.id(), track);
        sentBySsrc.put(track.ssrc(), track);
        sentBySsrc.put(track.rtxSsrc(), track);
        rtcp.reporter().addSender(track.statistics(), track);
    }

    private boolean remove(SentTrack track) {
        track.detach();
        sentBySsrc.remove(track.ssrc());
        sentBySsrc.remove(track.rtxSsrc());
        rtcp.reporter().removeSender(track.ssrc());
        transport.forgetOutbound(track.ssrc());
        transport.forgetOutbound(track.rtxSsrc());
        return true;
    }

    private int freshSsrc() {
        int ssrc = environment.random().nextInt();
        while (ssrc == NO_SSRC || sentBySsrc.get(ssrc) != null || receivedBySsrc.get(ssrc) != null) {
            ssrc = environment.random().nextInt();
        }
        return ssrc;
    }
}
