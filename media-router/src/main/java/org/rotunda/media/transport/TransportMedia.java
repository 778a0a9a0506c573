package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.feedback.RtxReceiver;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.SsrcMap;
import org.rotunda.media.sdp.CodecPayload;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.sdp.OutgoingTrack;
import org.rotunda.media.time.Deadline;

/**
 * The RTP streams of one transport in both directions. Keeps the desired and the negotiated tracks, and finds a track
 * by its SSRC. Owned by one event loop.
 */
final class TransportMedia implements MediaEgress.Tracks {
    /** An SSRC that we never choose. SSRC 0 is legal, but some tools read it as "none". */
    private static final int NO_SSRC = 0;

    /**
     * The interval at which subscriptions check their timeouts. The timeouts last seconds, so the interval is short
     * enough. A deadline for each subscription would cost too much: asking fifty subscriptions after every packet would
     * cost more than sending the packet. All transports of a loop tick at the same times, at multiples of the interval.
     */
    static final long SENT_TICK_NANOS = 100_000_000L;

    /**
     * The maximum number of tracks that a client may send. A room has at most 170 published tracks. The rest of the
     * limit is for tracks that a client describes but does not publish, such as the silent audio of Firefox.
     */
    static final int RECEIVED_TRACKS_MAX = 192;

    /**
     * The maximum number of SSRCs that packets may give to the encodings of one line between two descriptions. The
     * number is enough for three encodings with RTX and for a few changes of their SSRCs.
     */
    static final int BINDINGS_MAX = 16;

    /** The maximum length in bytes of a MID or RID in a packet. Descriptions have the same limit. */
    private static final int SDES_LENGTH_MAX = 16;

    /** The maximum number of SSRCs in a limit of the bit rate. The limit covers the whole transport anyway. */
    private static final int REMB_SSRCS_MAX = 16;

    private static final ReceivedTrack[] NOTHING_RECEIVED = {};
    private static final SentTrack[] NOTHING_SENT = {};

    private final MediaEgress egress;
    private final DueTracks due = new DueTracks();
    private final TransportEnvironment environment;
    private final RtcpExchange rtcp;
    private final Bindings bindings;
    private final Runnable codecChanged;
    private final Consumer<String> onFlows;
    private final Map<String, ReceivedTrack> received = new LinkedHashMap<>();
    private final Map<String, SentTrack> sent = new LinkedHashMap<>();
    private final SsrcMap<ReceivedEncoding> receivedBySsrc;
    private final SsrcMap<SentTrack> sentBySsrc;
    private final RtxReceiver rtx = new RtxReceiver();
    private final SourceClock clock = new SourceClock();
    // Copies of the values of the maps "received" and "sent". Iterating over an array allocates nothing.
    private ReceivedTrack[] receivedTracks = NOTHING_RECEIVED;
    private SentTrack[] sentTracks = NOTHING_SENT;
    private final UpstreamLimit upstream = new UpstreamLimit();
    private boolean rembNegotiated;
    private final StepDown stepDown = new StepDown();
    private final Ranked ranked = new Ranked();
    private final Runnable steppedDown;
    private long resentOfRemoved;
    // The lines without SSRCs in the description, by MID.
    private final Map<String, AnnouncedLine> announced = new HashMap<>();

    /**
     * The id of the header extension for the transport-wide sequence number; 0 if the extension was not negotiated. All
     * bundled m-lines have the same id (RFC 9143 §9.2).
     */
    private int transportSequenceId;

    // The ids of the header extensions for MID, RID and repaired RID; 0 if an extension was not negotiated.
    private int midId;
    private int ridId;
    private int repairedRidId;

    private long sentDeadlineNanos = Deadline.NO_DEADLINE;

    /** Receives the SSRCs that packets give to the encodings of a line without SSRCs. */
    interface Bindings {
        void bound(String mid, MediaPlan.Encoding encoding);
    }

    /** A line without SSRCs. Its packets name their encoding by MID and RID. */
    private static final class AnnouncedLine {
        private final String mid;
        private final ReceivedTrack track;
        private int bindingsLeft = BINDINGS_MAX;

        AnnouncedLine(String mid, ReceivedTrack track) {
            this.mid = mid;
            this.track = track;
        }
    }

    /**
     * @param codecChanged called when the client sends a video track with another codec than before
     * @param onFlows called with the SID of a video track when its first packet leaves after the start or after a pause
     * @param onHeld called when a packet to the client waits, so that the deadline may have changed
     * @param steppedDown called when the router has reduced tracks on its own
     */
    TransportMedia(
            TransportId transport,
            SrtpStreams srtp,
            TransportEnvironment environment,
            RtcpExchange rtcp,
            Bindings bindings,
            Runnable codecChanged,
            Consumer<String> onFlows,
            Runnable onHeld,
            Runnable steppedDown) {
        this.egress = new MediaEgress(transport, environment, srtp, this, onHeld);
        this.bindings = bindings;
        this.codecChanged = codecChanged;
        this.onFlows = onFlows;
        this.steppedDown = steppedDown;
        this.environment = environment;
        this.rtcp = rtcp;
        this.receivedBySsrc = new SsrcMap<>(environment.random());
        this.sentBySsrc = new SsrcMap<>(environment.random());
    }

    /** Returns the sending side. */
    MediaEgress egress() {
        return egress;
    }

    /** Returns the tracks whose sources have packets waiting. */
    DueTracks due() {
        return due;
    }

    /**
     * Fills a probe with copies of recent packets of the most important video that is forwarded. If no video is
     * forwarded or there is no RTX, fills it with padding of the most important video that can carry padding now. The
     * receiver ignores both.
     */
    @Override
    public int sendPadding(int bytes, long nowNanos) {
        SentTrack probed = null;
        SentTrack padded = null;
        for (SentTrack track : ranked.tracks) {
            probed = probed == null && track.canProbe() ? track : probed;
            padded = padded == null && track.canPad() ? track : padded;
        }
        int sentBytes = probed == null ? 0 : probed.sendProbe(nowNanos);
        return sentBytes > 0 || padded == null ? sentBytes : padded.sendPadding(bytes, nowNanos);
    }

    @Override
    public void onEstimate(DownlinkController control, long nowNanos) {
        if (control.isMeasured()
                && stepDown.onEstimate(
                        control.estimateBps(),
                        control.queueMillis(),
                        egress.rates().audioPeakBps(nowNanos),
                        ranked.at(nowNanos),
                        nowNanos)) {
            steppedDown.run();
        } else if (stepDown.takeEnd(nowNanos)) {
            release(nowNanos);
        }
    }

    /** Returns the SIDs of the tracks that the router holds below the desired layers. */
    List<String> steppedDown() {
        return TransportMeasurements.steppedDown(ranked.tracks);
    }

    /** Sends what the room desires again. */
    private void release(long nowNanos) {
        stepDown.onReleased();
        for (SentTrack track : ranked.tracks) {
            track.release(nowNanos);
        }
    }

    /** The tracks of video to the client, most important first. */
    private static final class Ranked implements StepDown.Tracks {
        private SentTrack[] tracks = NOTHING_SENT;
        private long nowNanos;

        Ranked at(long now) {
            nowNanos = now;
            return this;
        }

        void set(Collection<SentTrack> all) {
            tracks = all.stream()
                    .filter(track -> track.kind() == TrackKind.VIDEO)
                    .sorted(Comparator.comparingInt(SentTrack::rank))
                    .toArray(SentTrack[]::new);
        }

        @Override
        public int count() {
            return tracks.length;
        }

        @Override
        public StepDown.Level level(int track) {
            return tracks[track].level();
        }

        @Override
        public long sentBps(int track) {
            return tracks[track].sentBps(nowNanos);
        }

        @Override
        public void reduce(int track, StepDown.Level level) {
            tracks[track].reduce(level, nowNanos);
        }
    }

    /** Returns the tracks that the client sends. The caller must not change the array. */
    ReceivedTrack[] receivedTracks() {
        return receivedTracks;
    }

    /** Returns the tracks that we are to send to the client. The caller must not change the array. */
    SentTrack[] sentTracks() {
        return sentTracks;
    }

    @Nullable
    ReceivedTrack received(String clientTrackId) {
        return received.get(clientTrackId);
    }

    /** Returns the sent track with that id, or null if no m-line carries such a track. */
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

    /** Replaces the set of tracks to send, and returns these tracks for the negotiation. */
    List<OutgoingTrack> setDesired(List<DesiredTransport.Subscription> subscriptions, String cname, long nowNanos) {
        Set<String> ids = new HashSet<>();
        for (DesiredTransport.Subscription subscription : subscriptions) {
            ids.add(subscription.id());
            if (!sent.containsKey(subscription.id())) {
                add(subscription);
            }
            SentTrack track = sent.get(subscription.id());
            if (track != null) {
                track.setRank(subscription.rank());
            }
        }
        sent.values().removeIf(track -> !ids.contains(track.id()) && remove(track));
        sentTracks = sent.values().toArray(NOTHING_SENT);
        ranked.set(sent.values());
        release(nowNanos);
        sentDeadlineNanos = sent.isEmpty() ? Deadline.NO_DEADLINE : Deadline.min(sentDeadlineNanos, nextTick(nowNanos));
        List<OutgoingTrack> outgoing = new ArrayList<>();
        for (SentTrack track : sent.values()) {
            MediaKind kind = track.kind() == TrackKind.AUDIO ? MediaKind.AUDIO : MediaKind.VIDEO;
            long rtxSsrc = kind == MediaKind.VIDEO ? Integer.toUnsignedLong(track.rtxSsrc()) : OutgoingTrack.NO_RTX;
            outgoing.add(new OutgoingTrack(
                    track.id(), track.streamId(), kind, Integer.toUnsignedLong(track.ssrc()), rtxSsrc, cname));
        }
        return outgoing;
    }

    /** Applies the result of a negotiation. Returns true if a stream was added, removed or changed. */
    boolean onPlan(MediaPlan plan, long nowNanos) {
        boolean changed = false;
        boolean hasVideo = false;
        rembNegotiated = false;
        Map<String, MediaPlan.Line> incoming = new LinkedHashMap<>();
        transportSequenceId = 0;
        midId = 0;
        ridId = 0;
        repairedRidId = 0;
        for (MediaPlan.Line line : plan.lines()) {
            transportSequenceId =
                    Math.max(transportSequenceId, PlanTerms.extensionId(line, HeaderExtension.TRANSPORT_CC));
            midId = Math.max(midId, PlanTerms.extensionId(line, HeaderExtension.MID));
            ridId = Math.max(ridId, PlanTerms.extensionId(line, HeaderExtension.RID));
            repairedRidId = Math.max(repairedRidId, PlanTerms.extensionId(line, HeaderExtension.REPAIRED_RID));
            for (CodecPayload payload : line.payloads()) {
                if (payload.hasRtx()) {
                    rtx.mapPayloadType(payload.rtxPayloadType(), payload.payloadType());
                }
            }
            MediaPlan.Incoming described = line.incoming();
            if (described != null && !described.encodings().isEmpty()) {
                String trackId = described.trackId();
                if (incoming.size() < RECEIVED_TRACKS_MAX) {
                    incoming.put(trackId == null ? "mid:" + line.mid() : trackId, line);
                } else {
                    environment.drops().count(TransportDrop.RECEIVED_TRACKS_MAX);
                }
            }
            rembNegotiated |= described != null && PlanTerms.hasRemb(line);
            changed |= follow(line);
            hasVideo |= line.kind() == MediaKind.VIDEO && (described != null || line.outgoing() != null);
        }
        egress.onNegotiated(transportSequenceId);
        changed |= receive(incoming);
        announce(incoming);
        rtcp.reporter().onVideo(hasVideo, nowNanos);
        return changed;
    }

    /**
     * Passes the parameters of an m-line to the track that it carries. Returns true if no m-line carried the track
     * before.
     */
    private boolean follow(MediaPlan.Line line) {
        OutgoingTrack outgoing = line.outgoing();
        SentTrack track = outgoing == null ? null : sent.get(outgoing.trackId());
        if (track == null) {
            return false;
        }
        boolean isNew = !track.isNegotiated();
        track.onNegotiated(PlanTerms.egress(line, track.ssrc(), track.rtxSsrc()), PlanTerms.hasRtx(line));
        if (track.needsRepeats()) {
            egress.allowRepeats(track.ssrc());
        }
        return isNew;
    }

    /**
     * Changes the received tracks to those that the client sends now. Frees the SSRCs of ended and changed tracks
     * first, because another track often uses the same SSRCs: in a browser they belong to a transceiver, not to a
     * track.
     *
     * @return true if a track was added, removed or changed
     */
    private boolean receive(Map<String, MediaPlan.Line> lines) {
        List<ReceivedTrack> gone = new ArrayList<>();
        Set<ReceivedTrack> changed = new HashSet<>();
        for (ReceivedTrack track : receivedTracks) {
            MediaPlan.Line line = lines.get(track.clientTrackId());
            if (line == null || (line.kind() == MediaKind.VIDEO) != track.isVideo()) {
                unmap(track);
                gone.add(track);
            } else if (!track.hasEncodings(encodings(line))) {
                unmap(track);
                changed.add(track);
            }
        }
        for (ReceivedTrack track : gone) {
            received.remove(track.clientTrackId());
            track.close();
        }
        boolean anyNew = false;
        for (Map.Entry<String, MediaPlan.Line> entry : lines.entrySet()) {
            MediaPlan.Line line = entry.getValue();
            ReceivedTrack track = received.get(entry.getKey());
            if (track == null) {
                anyNew = true;
                map(create(entry.getKey(), line));
                continue;
            }
            track.onNegotiated(PlanTerms.payloadTypes(line), PlanTerms.sourceExtensionId(line));
            if (!changed.contains(track)) {
                continue;
            }
            if (track.encodings().size() == encodings(line).size()) {
                track.redescribe(encodings(line));
                map(track);
            } else {
                track.close();
                map(create(entry.getKey(), line));
            }
        }
        receivedTracks = received.values().toArray(NOTHING_RECEIVED);
        return anyNew || !gone.isEmpty() || !changed.isEmpty();
    }

    private void announce(Map<String, MediaPlan.Line> lines) {
        announced.clear();
        lines.forEach((trackId, line) -> {
            ReceivedTrack track = received.get(trackId);
            if (track != null && encodings(line).get(0).rid() != null) {
                announced.put(line.mid(), new AnnouncedLine(line.mid(), track));
            }
        });
    }

    private static List<MediaPlan.Encoding> encodings(MediaPlan.Line line) {
        MediaPlan.Incoming incoming = line.incoming();
        return incoming == null ? List.of() : incoming.encodings();
    }

    private ReceivedTrack create(String id, MediaPlan.Line line) {
        ReceivedTrack track = new ReceivedTrack(
                id,
                line.kind() == MediaKind.VIDEO,
                encodings(line),
                PlanTerms.payloadTypes(line),
                PlanTerms.sourceExtensionId(line),
                clock,
                rtcp,
                codecChanged);
        received.put(id, track);
        return track;
    }

    private void map(ReceivedTrack track) {
        track.encodings().forEach(this::map);
    }

    private void map(ReceivedEncoding encoding) {
        if (!encoding.hasSsrc()) {
            return; // The first packet of the encoding will show its SSRC.
        }
        receivedBySsrc.put(encoding.ssrc(), encoding);
        rtcp.reporter().addReceiver(encoding.statistics());
        if (encoding.hasRtx() && rtx.mapStream(encoding.rtxSsrc(), encoding.ssrc())) {
            receivedBySsrc.put(encoding.rtxSsrc(), encoding);
        }
    }

    /**
     * Removes a track's SSRCs from the maps. The SRTP state of the SSRCs is kept, because the browser may send another
     * track on the same SSRCs, and the roll-over counter then continues.
     */
    private void unmap(ReceivedTrack track) {
        track.encodings().forEach(this::unmap);
    }

    private void unmap(ReceivedEncoding encoding) {
        if (!encoding.hasSsrc()) {
            return;
        }
        receivedBySsrc.remove(encoding.ssrc());
        rtcp.reporter().removeReceiver(encoding.ssrc());
        if (encoding.hasRtx()) {
            receivedBySsrc.remove(encoding.rtxSsrc());
            rtx.unmapStream(encoding.rtxSsrc());
        }
    }

    /** Allows resends on the media SSRC for the tracks that need them. Called when DTLS has given keys. */
    void allowRepeats() {
        for (SentTrack track : sentTracks) {
            if (track.needsRepeats()) {
                egress.allowRepeats(track.ssrc());
            }
        }
    }

    /** Takes one decrypted RTP packet, which is borrowed for the call. */
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
            encoding = bind(packet, ssrc);
        }
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

    /**
     * Finds the encoding of a packet with an unknown SSRC by the packet's MID and RID, and stores the SSRC as that of
     * the encoding (RFC 8843 §9.2, RFC 8852 §3). Returns null if the packet names no encoding that is announced by MID,
     * or if its line has reached {@link #BINDINGS_MAX}.
     */
    private @Nullable ReceivedEncoding bind(ByteBuf packet, int ssrc) {
        String mid = announced.isEmpty() ? null : sdes(packet, midId);
        AnnouncedLine line = mid == null ? null : announced.get(mid);
        if (line == null || line.bindingsLeft == 0) {
            return null;
        }
        boolean isRtx = rtx.isRtxPayloadType(RtpHeader.payloadType(packet));
        ReceivedEncoding encoding = line.track.announcedBy(sdes(packet, isRtx ? repairedRidId : ridId));
        if (encoding == null || (isRtx && !encoding.hasSsrc())) {
            return null;
        }
        line.bindingsLeft--;
        unmap(encoding);
        if (isRtx) {
            encoding.bindRtx(ssrc);
        } else {
            line.track.bind(encoding, ssrc);
        }
        map(encoding);
        bindings.bound(line.mid, encoding.described());
        return receivedBySsrc.get(ssrc); // Null for an RTX SSRC beyond the limit of RTX streams.
    }

    /**
     * Returns the text of a header extension (RFC 7941 §4.1.1), or null if the packet lacks the extension or the text
     * is too long.
     */
    private static @Nullable String sdes(ByteBuf packet, int extensionId) {
        int element = RtpExtensions.find(packet, extensionId);
        if (element == RtpExtensions.NONE || RtpExtensions.lengthBytes(element) > SDES_LENGTH_MAX) {
            return null;
        }
        return packet.toString(
                packet.readerIndex() + RtpExtensions.offset(element),
                RtpExtensions.lengthBytes(element),
                StandardCharsets.US_ASCII);
    }

    /** Sets the highest total bit rate that the client should send; 0 for no limit. */
    void setUpstreamLimit(long bps, long nowNanos) {
        upstream.set(bps, nowNanos);
        tellUpstreamLimit(nowNanos);
    }

    private void tellUpstreamLimit(long nowNanos) {
        if (!rembNegotiated || !egress.canSend() || !upstream.isDue(nowNanos)) {
            return;
        }
        int[] ssrcs = new int[REMB_SSRCS_MAX];
        int count = 0;
        for (ReceivedTrack track : receivedTracks) {
            for (ReceivedEncoding encoding : track.encodings()) {
                if (track.isVideo() && encoding.hasSsrc() && count < REMB_SSRCS_MAX) {
                    ssrcs[count++] = encoding.ssrc();
                }
            }
        }
        rtcp.sendRemb(upstream.take(nowNanos), ssrcs, count);
    }

    /** Uses a newly measured round-trip time of the transport. */
    void onRtt(long rttNanos) {
        // Every round trip is measured on a stream that we send, so it always counts for the direction to the client.
        environment.quality().down().onRtt(rttNanos);
        if (receivedTracks.length > 0) {
            environment.quality().up().onRtt(rttNanos);
        }
        for (ReceivedTrack track : receivedTracks) {
            track.onRtt(rttNanos);
        }
    }

    void onTimeout(long nowNanos) {
        egress.onTimeout(nowNanos);
        tellUpstreamLimit(nowNanos);
        for (ReceivedTrack track : receivedTracks) {
            track.onTimeout(nowNanos);
        }
        if (nowNanos >= sentDeadlineNanos) {
            for (SentTrack track : sentTracks) {
                track.onTimeout(nowNanos);
            }
            sentDeadlineNanos = sent.isEmpty() ? Deadline.NO_DEADLINE : nextTick(nowNanos);
        }
    }

    private static long nextTick(long nowNanos) {
        return Deadline.onGrid(nowNanos + 1, SENT_TICK_NANOS);
    }

    long nextDeadlineNanos() {
        long deadline = Deadline.min(sentDeadlineNanos, egress.nextDeadlineNanos());
        if (rembNegotiated && egress.canSend()) {
            deadline = Deadline.min(deadline, upstream.nextDeadlineNanos());
        }
        for (ReceivedTrack track : receivedTracks) {
            deadline = Deadline.min(deadline, track.nextDeadlineNanos());
        }
        return deadline;
    }

    long resent() {
        long resent = resentOfRemoved;
        for (SentTrack track : sentTracks) {
            resent += track.resent();
        }
        return resent;
    }

    void close() {
        egress.close();
        received.values().forEach(ReceivedTrack::close);
        received.clear();
        announced.clear();
        receivedTracks = NOTHING_RECEIVED;
        resentOfRemoved = resent();
        sent.values().forEach(SentTrack::detach);
        sent.clear();
        sentTracks = NOTHING_SENT;
        ranked.set(List.of());
    }

    /**
     * Adds the track of a subscription. All tracks of one publisher have the same stream id, because receivers
     * synchronize the tracks of one stream.
     */
    private void add(DesiredTransport.Subscription subscription) {
        SentTrack track = new SentTrack(
                subscription.id(),
                subscription.trackSid(),
                subscription.source().participantSid(),
                subscription.kind(),
                freshSsrc(),
                freshSsrc(),
                egress,
                environment,
                onFlows);
        sent.put(subscription.id(), track);
        sentBySsrc.put(track.ssrc(), track);
        sentBySsrc.put(track.rtxSsrc(), track);
        rtcp.reporter().addSender(track.statistics(), track);
    }

    private boolean remove(SentTrack track) {
        track.detach();
        resentOfRemoved += track.resent();
        sentBySsrc.remove(track.ssrc());
        sentBySsrc.remove(track.rtxSsrc());
        rtcp.reporter().removeSender(track.ssrc());
        egress.forgetOutbound(track.ssrc());
        egress.forgetOutbound(track.rtxSsrc());
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
