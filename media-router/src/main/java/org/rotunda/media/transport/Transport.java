package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.DtlsTransport;
import org.rotunda.media.ice.TcpRemote;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.time.Deadline;

/**
 * The media connection of one peer. Joins ICE, DTLS, SRTP, data channels, negotiation and the RTP streams into one
 * state machine. Each feature has its own class in this package. This class connects the features, and decides only
 * what concerns more than one feature.
 *
 * <p>The class does no I/O and is owned by one event loop. Datagrams, descriptions, desired states and the time are its
 * inputs. Datagrams leave through {@link #drainTo}, and events through {@link TransportOwner}. We send everything to
 * the address that ICE has selected. Until ICE has selected an address, we send to the validated source address of the
 * client's DTLS datagrams.
 */
public final class Transport {
    /**
     * The shortest time between two calls of {@link TransportOwner#streamsChanged} for changed codecs. The owner makes
     * all links of the room again, and a client can change the codec of its tracks with every packet.
     */
    static final long CODECS_CHANGE_NANOS = 1_000_000_000L;

    private final TransportId id;
    private final TransportOwner owner;
    private final ConnectionState connection;
    private final IcePath path;
    private final DtlsRecords dtls;
    private final SrtpStreams srtp;
    private final RtcpExchange rtcp;
    private final TransportMedia media;
    private final TransportMeasurements measurements;
    private final ClientChannels clientChannels;
    private final ChannelBoard channels;
    private final TransportNegotiation negotiation;
    private final HandoverPacing pacing;
    private final String cname;
    private final InvitationTimer invitation;
    private long nowNanos;
    private boolean closed;
    private @Nullable SocketAddress checked; // The source of the latest authentic check before DTLS began.
    private long codecsDueNanos = Deadline.NO_DEADLINE; // The time at which the owner hears of changed codecs.
    private long codecsChangedNanos = Long.MIN_VALUE / 2; // The time at which the owner last heard of changed codecs.
    private boolean touched; // True if the owner was told to call drainTo.
    private boolean forwarding; // True during forwardDue, whose caller sends what it makes.
    private long announcedNanos = Deadline.NO_DEADLINE; // The last result of nextDeadlineNanos.

    /**
     * Opens a transport.
     *
     * @param handover the state of a connection that moves here from another node; null for a new connection
     */
    public Transport(
            TransportId id,
            Set<VideoCodec> videoCodecs,
            @Nullable TransportHandover handover,
            TransportEnvironment environment,
            TransportOwner owner,
            long nowNanos) {
        this.id = id;
        this.owner = owner;
        this.nowNanos = nowNanos;
        this.invitation = new InvitationTimer(handover != null);
        this.pacing = new HandoverPacing(nowNanos);
        this.connection = new ConnectionState(id, owner, nowNanos);
        byte[] cnameBytes = new byte[8];
        environment.random().nextBytes(cnameBytes);
        // The CNAME is short and random, and is used for this connection only (RFC 7022 §4.2).
        this.cname = HexFormat.of().formatHex(cnameBytes);
        IceCredentials credentials = IceCredentials.generate(environment.random());
        this.path = new IcePath(environment, credentials, new PathEvents());
        // A connection may come back to a router that has closed its transport, for instance after a cut between the
        // room and its media nodes. The client may never have left, and starts DTLS anew only for a new fingerprint.
        DtlsIdentity identity = handover == null
                ? environment.identity()
                : environment.identity().renewed();
        this.dtls = new DtlsRecords(
                environment, identity, path::destination, this::handshakeOrigin, this::touch, new DtlsEvents());
        this.srtp = new SrtpStreams(environment, path::destination, this::onMediaOutput);
        this.rtcp = new RtcpExchange(
                new Streams(),
                environment.random().nextInt(),
                cname.getBytes(StandardCharsets.US_ASCII),
                environment.allocator(),
                // The times of reports need no secret, and do not depend on what other transports draw.
                new SplittableRandom(environment.random().nextLong()),
                environment.drops(),
                environment.quality());
        rtcp.setNowNanos(nowNanos);
        this.media = new TransportMedia(
                id,
                srtp,
                environment,
                rtcp,
                this::onBound,
                this::onCodecChanged,
                this::onFlows,
                this::touch,
                this::onSteppedDown);
        this.measurements = new TransportMeasurements(id, media, rtcp, environment.quality(), nowNanos);
        this.clientChannels = new ClientChannels(new ClientChannelEvents(), environment.drops());
        this.channels = new ChannelBoard(
                environment.sctp(), environment.random(), clientChannels, new ChannelEvents(), environment.drops());
        this.negotiation = new TransportNegotiation(
                videoCodecs, handover, environment, identity.fingerprint(), credentials, new NegotiationEvents());
        path.open();
        touch();
        if (handover != null) {
            channels.adopt(negotiation.adoptedChannels(), nowNanos);
        }
    }

    public TransportId id() {
        return id;
    }

    // --- commands and idle time -----------------------------------------------------------------------------------

    /** Notes that the room has sent a command about this transport. */
    public void onCommand(long nowNanos) {
        begin(nowNanos);
        connection.onCommand(nowNanos);
    }

    /**
     * Returns the time of the room's last command or of the last loss of consent, whichever is later. Returns {@link
     * Deadline#NO_DEADLINE} while we can send to the client and after the transport has ended.
     */
    public long idleSinceNanos() {
        return closed || path.destination() != null ? Deadline.NO_DEADLINE : connection.idleSinceNanos();
    }

    // --- desired state --------------------------------------------------------------------------------------------

    /** Asks the client for its first offer. */
    public void requestOffer() {
        negotiation.requestOffer();
        touch();
    }

    /**
     * Replaces the set of tracks to send to the client.
     *
     * @param data true if data channels are needed too
     * @param downlink the demand on the network to the client
     */
    public void setDesiredMedia(
            List<DesiredTransport.Subscription> subscriptions,
            boolean data,
            DesiredTransport.Downlink downlink,
            long nowNanos) {
        begin(nowNanos);
        media.egress().setDemand(downlink, nowNanos);
        negotiation.setDesired(media.setDesired(subscriptions, cname, nowNanos), data, nowNanos);
    }

    /** Sets the highest total bit rate that the client should send; 0 for no limit. */
    public void setUpstreamLimit(long bps, long nowNanos) {
        begin(nowNanos);
        media.setUpstreamLimit(bps, nowNanos);
    }

    /**
     * Replaces the set of data channels that we keep open to the client.
     *
     * @param silent labels of data tracks whose publisher is missing; their channels are kept if they are open
     */
    public void setDesiredChannels(
            Set<String> signaling, Map<String, ChannelParameters> dataTracks, Set<String> silent, long nowNanos) {
        begin(nowNanos);
        channels.setDesired(signaling, dataTracks, silent, nowNanos);
    }

    public void onRemoteDescription(Description description, long nowNanos) {
        begin(nowNanos);
        negotiation.onRemoteDescription(description, nowNanos);
        if (description.type() == Description.Type.ANSWER) {
            invitation.onAnswer(nowNanos);
            inviteIfDue();
        }
    }

    /** Sends a message of a data track that the client is subscribed to. The payload is borrowed for the call. */
    public void sendData(String label, ByteBuf payload, boolean binary, long nowNanos) {
        begin(nowNanos);
        channels.send(label, payload, binary, nowNanos);
    }

    public void sendText(String label, String text, long nowNanos) {
        begin(nowNanos);
        channels.sendText(label, text, nowNanos);
    }

    /**
     * Sends again the messages that the client may not have received from the previous node, and then the new messages
     * that were held back.
     */
    public void repeat(List<DataMessage> messages, long nowNanos) {
        begin(nowNanos);
        channels.repeat(messages, nowNanos);
    }

    // --- reports --------------------------------------------------------------------------------------------------

    /**
     * Reports two things to the room again: the state that another node needs to continue this connection ({@link
     * TransportHandover}), and our last description. Does nothing before the first description.
     */
    public void reportNegotiation() {
        Description last = negotiation.lastLocal();
        if (last == null) {
            return; // Nothing was negotiated here. If the room sent a handover, the room still has it.
        }
        reportHandover();
        owner.onEvent(new MediaEvent.LocalDescription(id, last));
    }

    /**
     * Reports the connectivity to the room again. Also reports the kinds of media for which there is no common codec,
     * if there are any.
     */
    public void reportState() {
        if (!negotiation.missingCodecs().isEmpty()) {
            owner.onEvent(new MediaEvent.CodecsMissing(id, negotiation.missingCodecs()));
        }
        connection.report();
    }

    /** Reports each open media-signaling channel to the room again. */
    public void reportChannels() {
        channels.reportOpen();
    }

    /**
     * Reports to the room the messages that the client may not have received on its data channels. Called right before
     * {@link #close} with {@code notifyPeer} false.
     */
    public void reportUnacknowledged() {
        owner.onEvent(new MediaEvent.Unacknowledged(id, channels.unacknowledged(MediaEvent.UNACKNOWLEDGED_BYTES_MAX)));
    }

    // --- measurements ---------------------------------------------------------------------------------------------

    /** Returns whether the room should hear of the estimate at once, because it has collapsed. */
    public boolean hasCollapsed() {
        return measurements.hasCollapsed();
    }

    /** Returns the report about the network to the client, or null if there is nothing to tell. */
    public @Nullable DownlinkReport takeDownlinkReport(long nowNanos) {
        return closed ? null : measurements.takeDownlink(nowNanos);
    }

    /** Returns the report about both directions, or null if it is not due or no media flows. */
    public @Nullable QualityReport takeQualityReport(long nowNanos) {
        return closed ? null : measurements.takeQuality(nowNanos);
    }

    // --- streams --------------------------------------------------------------------------------------------------

    /** Returns the track that the client sends under that id, or null if there is no such track. */
    public @Nullable ReceivedTrack received(String clientTrackId) {
        return media.received(clientTrackId);
    }

    /** Returns the track that we send to the client under that id, or null if no m-line carries such a track. */
    public @Nullable SentTrack sent(String subscriptionId) {
        return media.sent(subscriptionId);
    }

    /** Returns the tracks that the client sends. */
    public List<ReceivedTrack> receivedTracks() {
        return List.of(media.receivedTracks());
    }

    /** Returns the tracks that we send to the client, including tracks that are not negotiated yet. */
    public List<SentTrack> sentTracks() {
        return List.of(media.sentTracks());
    }

    /** Describes this transport for troubleshooting. The caller passes the descriptions of the tracks. */
    public RouterRoomView.TransportView view(
            long desiredEpoch,
            long desiredVersion,
            List<RouterRoomView.ReceivedTrackView> received,
            List<RouterRoomView.SentTrackView> sent) {
        return new TransportDescriber(this, connection, path, dtls, rtcp, media, negotiation)
                .describe(desiredEpoch, desiredVersion, received, sent);
    }

    /** Returns the parameters of a data channel that the client has opened, or null if there is no such channel. */
    public @Nullable ChannelParameters clientChannel(String label) {
        return clientChannels.parameters(label);
    }

    /**
     * Passes the held messages of a client's channel to the sink, oldest first. Messages are held until the room knows
     * the channel as a track.
     */
    public void takeHeldMessages(String label, MessageSink sink) {
        clientChannels.takeHeld(label, sink);
    }

    /**
     * Passes to the sink the layers of each received video track whose layers have changed since the previous call.
     */
    public void drainLayerChanges(LayerSink sink) {
        for (ReceivedTrack track : media.receivedTracks()) {
            List<MediaEvent.Layer> layers = track.changedLayers();
            if (layers != null) {
                sink.layersChanged(this, track.clientTrackId(), layers);
            }
        }
    }

    /**
     * Receives the layers that the client now sends for one track. Called for each track whose layers have changed.
     */
    @FunctionalInterface
    public interface LayerSink {
        void layersChanged(Transport transport, String clientTrackId, List<MediaEvent.Layer> layers);
    }

    // --- datagrams ------------------------------------------------------------------------------------------------

    /** Takes a STUN datagram for one of our ufrags. The datagram is borrowed for the call. */
    public void onStun(ByteBuf datagram, SocketAddress source, long nowNanos) {
        begin(nowNanos);
        path.onStun(datagram, source, nowNanos);
        if (dtls.isWaiting() && path.isValidated(source, nowNanos)) {
            checked = source;
            invitation.onCheck(nowNanos);
        }
    }

    /** Asks a client that has moved here to begin DTLS at once, if that is due. */
    private void inviteIfDue() {
        SocketAddress source = checked;
        if (source == null || !invitation.takeDue(nowNanos)) {
            return;
        }
        if (path.isValidated(source, nowNanos) && dtls.invite()) {
            path.onDtlsFrom(source); // Nothing but the invitation is sent to the client before its DTLS.
        } else {
            invitation.end();
        }
    }

    /**
     * Returns whether an authentic check came from this address within the last 30 s. The router then accepts datagrams
     * from the address.
     */
    public boolean isValidated(SocketAddress source, long nowNanos) {
        return !closed && path.isValidated(source, nowNanos);
    }

    /**
     * Returns whether an authentic check came from this address within the last 10 s. The address then belongs to this
     * client alone.
     */
    public boolean holds(SocketAddress source, long nowNanos) {
        return !closed && path.holds(source, nowNanos);
    }

    /** Takes the end of a TCP connection on which a check has come. */
    public void onClosed(SocketAddress remote, long nowNanos) {
        begin(nowNanos);
        path.onClosed(remote);
    }

    /** Takes a DTLS datagram from an address that ICE has validated. The datagram is borrowed for the call. */
    public void onDtls(ByteBuf datagram, SocketAddress source, long nowNanos) {
        begin(nowNanos);
        path.onDtlsFrom(source);
        dtls.onDatagram(datagram);
        if (!dtls.isWaiting()) {
            invitation.end();
        }
    }

    /**
     * Takes an SRTP datagram from a validated address. The datagram is borrowed for the call and decrypted in place.
     */
    public void onRtp(ByteBuf datagram, long nowNanos) {
        int lengthBytes = datagram.readableBytes();
        if (srtp.unprotectRtp(datagram)) {
            begin(nowNanos);
            measurements.onReceived(lengthBytes);
            media.onRtp(datagram, nowNanos);
        }
    }

    /**
     * Takes an SRTCP datagram from a validated address. The datagram is borrowed for the call and decrypted in place.
     */
    public void onRtcp(ByteBuf datagram, long nowNanos) {
        if (srtp.unprotectRtcp(datagram)) {
            begin(nowNanos);
            rtcp.onDatagram(datagram);
        }
    }

    // --- media to the client --------------------------------------------------------------------------------------

    /**
     * Notes that the source of this track has packets waiting.
     *
     * @param track a track of this transport
     * @return whether it is the first such track; the caller must then call {@link #forwardDue} before the input ends
     */
    public boolean addDue(SentTrack track) {
        return media.due().add(track);
    }

    /**
     * Forwards the waiting packets of all tracks that were added. Media changes nothing else of a transport, so the owner
     * need not drain it, unless the transport asks for it because a deadline has come nearer.
     *
     * @param sendsNow whether the caller then calls {@link #sendMediaTo}; otherwise the transport asks for a drain
     */
    public void forwardDue(boolean sendsNow, long nowNanos) {
        DueTracks due = media.due();
        forwarding = sendsNow;
        try {
            if (!closed) {
                this.nowNanos = nowNanos;
                due.forward(nowNanos);
                if (media.egress().nextDeadlineNanos() < announcedNanos) {
                    touch();
                }
            }
        } finally {
            forwarding = false;
            due.clear();
        }
    }

    /** Passes the media to the client to the sink, as {@link #drainTo} does. */
    public void sendMediaTo(DatagramSink sink) {
        srtp.drainTo(sink);
    }

    /** Forgets the due tracks, because this transport is about to be closed for a fault. */
    public void forgetDue() {
        media.due().clear();
    }

    private void onMediaOutput() {
        if (!forwarding) {
            touch();
        }
    }

    // --- time and output ------------------------------------------------------------------------------------------

    public void onTimeout(long nowNanos) {
        begin(nowNanos);
        path.onTimeout(nowNanos);
        inviteIfDue();
        negotiation.onTimeout(nowNanos);
        channels.onTimeout(nowNanos);
        media.onTimeout(nowNanos);
        rtcp.onTimeout();
    }

    public long nextDeadlineNanos() {
        if (closed) {
            return Deadline.NO_DEADLINE;
        }
        announcedNanos = Deadline.min(
                Deadline.min(pacing.nextDeadlineNanos(), codecsDueNanos, channels.nextDeadlineNanos()),
                Deadline.min(path.nextDeadlineNanos(), invitation.nextDeadlineNanos()),
                negotiation.nextDeadlineNanos(),
                media.nextDeadlineNanos(),
                rtcp.nextDeadlineNanos());
        return announcedNanos;
    }

    /** Passes to the sink all datagrams that may be sent now. The sink takes ownership of them. */
    public void drainTo(DatagramSink sink) {
        touched = false;
        if (nowNanos >= codecsDueNanos && !closed) {
            codecsDueNanos = Deadline.NO_DEADLINE;
            codecsChangedNanos = nowNanos;
            owner.streamsChanged(this);
        }
        if (!closed && pacing.takeDue(nowNanos)) {
            reportHandover();
        }
        path.drainTo(sink);
        if (channels.isStarted()) {
            channels.drainTo(dtls.fromSctp());
        }
        dtls.drainTo(sink);
        srtp.drainTo(sink);
    }

    /**
     * Ends the transport.
     *
     * @param notifyPeer true to tell the client; the caller must then call {@link #drainTo} once more. False if the
     *     connection continues on another node
     */
    public void close(boolean notifyPeer, long nowNanos) {
        if (closed) {
            return;
        }
        begin(nowNanos);
        try {
            if (notifyPeer) {
                negotiation.close();
                channels.abort(nowNanos);
                channels.drainTo(dtls.fromSctp());
            }
        } finally {
            closed = true; // Even if this method fails, the transport must not have deadlines any more.
        }
        clientChannels.close();
        channels.dispose();
        dtls.close(notifyPeer);
        media.close();
        path.close();
    }

    /** Releases the datagrams that are still queued. */
    public void release() {
        path.release();
        srtp.release();
        dtls.release();
    }

    /** Returns the number of media packets sent to the client, without resends. */
    public long forwardedPackets() {
        return media.egress().forwarded();
    }

    public long retransmissions() {
        return media.resent();
    }

    /**
     * Adds this transport's drop counts of ICE, DTLS and SCTP to the map, under their metric names. Other drops are
     * counted for the whole loop in {@link DropStatistics}.
     */
    public void addDropsTo(Map<String, Long> byName) {
        path.addDropsTo(byName);
        dtls.addDropsTo(byName);
        channels.addDropsTo(byName);
    }

    /** Returns the bit rate of RTP packets to the client in the last second. */
    public long sentBps(long nowNanos) {
        return media.egress().rates().sentBps(nowNanos);
    }

    /** Returns the bit rate that the client would get with ample bandwidth. */
    public long desiredBps() {
        return media.egress().demand().desiredBps();
    }

    /** Returns the number of times that the delay to the client began to rise. */
    public long overuses() {
        DownlinkController control = media.egress().control();
        return control == null ? 0 : control.statistics().overuses();
    }

    /** Returns the number of probes of the network to the client. */
    public long probes() {
        DownlinkController control = media.egress().control();
        return control == null ? 0 : control.statistics().probes();
    }

    public long keyFrameRequests() {
        return rtcp.keyFrameRequests();
    }

    // --- private methods ------------------------------------------------------------------------------------------

    /** Notes the time of an input, and tells the owner to call {@link #drainTo} after the input. */
    private void begin(long nowNanos) {
        this.nowNanos = nowNanos;
        rtcp.setNowNanos(nowNanos);
        touch();
    }

    private void touch() {
        if (!touched) {
            touched = true;
            owner.touched(this);
        }
    }

    private void onKeys(SrtpKeys keys) {
        srtp.open(keys);
        media.allowRepeats();
        rtcp.reporter().start(nowNanos);
        startChannelsIfPossible();
        owner.streamsChanged(this);
        connection.onConnected();
    }

    private DtlsHandshakes.@Nullable Origin handshakeOrigin() {
        SocketAddress remote = path.dtlsRemote();
        return remote == null
                ? null
                : DtlsHandshakes.Origin.of(TcpRemote.addressOf(remote).getAddress(), id.roomSid());
    }

    private void startChannelsIfPossible() {
        if (srtp.hasKeys() && negotiation.hasApplication()) {
            channels.start(nowNanos);
        }
    }

    private void onBound(String mid, MediaPlan.Encoding encoding) {
        negotiation.bind(mid, encoding);
        pacing.onBound(nowNanos);
    }

    private void onSteppedDown() {
        measurements.onSteppedDown();
    }

    private void onFlows(String trackSid) {
        owner.onEvent(new MediaEvent.TrackFlows(id, trackSid));
    }

    private void onCodecChanged() {
        if (codecsDueNanos == Deadline.NO_DEADLINE) {
            codecsDueNanos = Math.max(nowNanos, codecsChangedNanos + CODECS_CHANGE_NANOS);
        }
    }

    private void reportHandover() {
        pacing.onReported();
        TransportHandover handover = negotiation.handover(channels.open());
        if (handover != null) {
            owner.onEvent(new MediaEvent.HandoverChanged(id, handover));
        }
    }

    private final class PathEvents implements IcePath.Listener {
        @Override
        public void ufragAdded(String ufrag) {
            owner.ufragAdded(Transport.this, ufrag);
        }

        @Override
        public void ufragRetired(String ufrag) {
            owner.ufragRetired(ufrag);
        }

        @Override
        public void addressValidated(SocketAddress remote) {
            owner.addressValidated(Transport.this, remote);
        }

        @Override
        public void addressExpired(SocketAddress remote) {
            owner.addressExpired(Transport.this, remote);
        }

        /** Resumes sending if it stopped because consent was lost. */
        @Override
        public void selectedAddressChanged() {
            media.egress().onRoute(path.destination(), nowNanos);
            if (srtp.hasKeys() && !connection.isConnected()) {
                owner.streamsChanged(Transport.this);
                connection.onConnected();
            }
        }

        @Override
        public void consentLost() {
            connection.onConsentLost(nowNanos);
        }
    }

    private final class ClientChannelEvents implements ClientChannels.Listener {
        @Override
        public void channelsChanged() {
            owner.streamsChanged(Transport.this);
        }

        @Override
        public boolean message(String label, ByteBuf payload, boolean binary) {
            return owner.clientMessage(Transport.this, label, payload, binary);
        }
    }

    private final class DtlsEvents implements DtlsTransport.Listener {
        @Override
        public void onKeys(SrtpKeys keys) {
            Transport.this.onKeys(keys);
        }

        @Override
        public void onApplicationData(ByteBuf data) {
            channels.onPacket(data, nowNanos);
        }

        @Override
        public void onClosed(DtlsCloseReason reason) {
            connection.onDtlsClosed(srtp.hasKeys());
        }
    }

    private final class ChannelEvents implements ChannelBoard.Listener {
        @Override
        public void signalingChannelChanged(String label, boolean open) {
            owner.onEvent(new MediaEvent.ChannelChanged(id, label, open));
        }

        @Override
        public void signalingText(String label, String text) {
            owner.onEvent(new MediaEvent.ChannelMessage(id, label, text));
        }

        @Override
        public void channelsChanged() {
            pacing.onChannelsChanged();
            touch();
        }
    }

    private final class NegotiationEvents implements TransportNegotiation.Listener {
        @Override
        public void plan(MediaPlan plan) {
            dtls.expectFingerprints(plan.remoteFingerprints());
            path.negotiated(plan.remoteIce().ufrag(), plan.localIce());
            if (media.onPlan(plan, nowNanos)) {
                owner.streamsChanged(Transport.this);
            }
            startChannelsIfPossible();
        }

        @Override
        public void codecsMissing(Set<TrackKind> kinds) {
            owner.onEvent(new MediaEvent.CodecsMissing(id, kinds));
        }

        @Override
        public void localDescription(Description description) {
            // The new TransportHandover is reported first, so that another node never reuses a revision that the client
            // has seen.
            reportHandover();
            owner.onEvent(new MediaEvent.LocalDescription(id, description));
        }

        @Override
        public void refused(MediaEvent.Fault fault) {
            owner.onEvent(new MediaEvent.NegotiationFailed(id, fault));
        }

        @Override
        public void answerOverdue(long revision) {
            owner.onEvent(new MediaEvent.AnswerOverdue(id, revision));
        }
    }

    private final class Streams implements RtcpExchange.Streams {
        @Override
        public @Nullable ReceivedEncoding received(int ssrc) {
            return media.receivedBySsrc(ssrc);
        }

        @Override
        public @Nullable SentTrack sent(int ssrc) {
            return media.sentBySsrc(ssrc);
        }

        @Override
        public void onRtt(long rttNanos) {
            media.onRtt(rttNanos);
            media.egress().onRtt(rttNanos, nowNanos);
        }

        @Override
        public void onTransportFeedback(RtcpCompound feedback) {
            media.egress().onFeedback(feedback, nowNanos);
            measurements.onEstimate();
        }

        @Override
        public void onRemb(long bps) {
            media.egress().onRemb(bps, nowNanos);
            measurements.onEstimate();
        }

        @Override
        public void onLoss(long expected, long lost) {
            media.egress().onLossReport(expected, lost, nowNanos);
            measurements.onEstimate();
        }

        @Override
        public void sendRtcp(ByteBuf plaintext) {
            srtp.sendRtcp(plaintext);
        }
    }
}
