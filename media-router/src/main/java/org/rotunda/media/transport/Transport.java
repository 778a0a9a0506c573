package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsTransport;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.time.Deadline;

/**
 * One peer's media connection: ICE, DTLS, SRTP, data channels, negotiation and the RTP streams in one machine. Features
 * meet here and nowhere else; each has a part of its own beside this file, and this file decides only what concerns two
 * of them.
 *
 * <p>Sans-IO and owned by one event loop: datagrams, descriptions, desired states and time come in; datagrams leave by
 * {@link #drainTo}, events through {@link TransportOwner}. Everything we send goes to the address that ICE selected;
 * before there is one, to the validated address that the client's DTLS came from.
 */
public final class Transport {
    private static final double NANOS_PER_MILLI = 1e6;

    private final TransportId id;
    private final TransportOwner owner;
    private final ConnectionState connection;
    private final IcePath path;
    private final DtlsRecords dtls;
    private final SrtpStreams srtp;
    private final RtcpExchange rtcp;
    private final TransportMedia media;
    private final ClientChannels clientChannels;
    private final ChannelBoard channels;
    private final TransportNegotiation negotiation;
    private final String cname;
    private long nowNanos;
    private boolean closed;
    private boolean touched; // The owner has been told that a drain is due.

    /**
     * Opens a transport.
     *
     * @param handover the state of a connection that moves here from another node; null for a new one
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
        this.connection = new ConnectionState(id, owner, nowNanos);
        byte[] cnameBytes = new byte[8];
        environment.random().nextBytes(cnameBytes);
        this.cname = HexFormat.of().formatHex(cnameBytes); // RFC 7022 §4.2: short, random, for this connection only.
        IceCredentials credentials = IceCredentials.generate(environment.random());
        this.path = new IcePath(environment, credentials, new PathEvents());
        this.dtls = new DtlsRecords(environment, path::destination, this::touch, new DtlsEvents());
        this.srtp = new SrtpStreams(environment, path::destination, this::touch);
        this.rtcp = new RtcpExchange(
                new Streams(),
                environment.random().nextInt(),
                cname.getBytes(StandardCharsets.US_ASCII),
                environment.allocator(),
                environment.random(),
                environment.drops(),
                environment.quality());
        rtcp.setNowNanos(nowNanos);
        this.media = new TransportMedia(srtp, environment, rtcp);
        this.clientChannels = new ClientChannels(new ClientChannelEvents(), environment.drops());
        this.channels = new ChannelBoard(
                environment.sctp(), environment.random(), clientChannels, new ChannelEvents(), environment.drops());
        this.negotiation =
                new TransportNegotiation(videoCodecs, handover, environment, credentials, new NegotiationEvents());
        path.open();
        touch();
        if (handover != null) {
            channels.adopt(negotiation.adoptedChannels(), nowNanos);
        }
    }

    public TransportId id() {
        return id;
    }

    // --- the room's interest --------------------------------------------------------------------------------------

    /** The room has sent a command about this transport. */
    public void onCommand(long nowNanos) {
        begin(nowNanos);
        connection.onCommand(nowNanos);
    }

    /**
     * The time since when neither the client nor the room has been heard of; {@link Deadline#NO_DEADLINE} while the
     * client is there.
     */
    public long idleSinceNanos() {
        return closed || path.destination() != null ? Deadline.NO_DEADLINE : connection.idleSinceNanos();
    }

    // --- desired state --------------------------------------------------------------------------------------------

    /** Asks the client for its first offer, on a connection that the room has named. */
    public void requestOffer() {
        negotiation.requestOffer();
        touch();
    }

    /** Sets the tracks to send the client, whole; {@code data} is true if data channels are needed as well. */
    public void setDesiredMedia(List<DesiredTransport.Subscription> subscriptions, boolean data, long nowNanos) {
        begin(nowNanos);
        negotiation.setDesired(media.setDesired(subscriptions, cname, nowNanos), data, nowNanos);
    }

    /**
     * Sets the data channels to hold open towards the client, whole.
     *
     * @param silent data tracks without a source now, whose channels stay if they are open
     */
    public void setDesiredChannels(
            Set<String> signaling, Map<String, ChannelParameters> dataTracks, Set<String> silent, long nowNanos) {
        begin(nowNanos);
        channels.setDesired(signaling, dataTracks, silent, nowNanos);
    }

    public void onRemoteDescription(Description description, long nowNanos) {
        begin(nowNanos);
        negotiation.onRemoteDescription(description, nowNanos);
    }

    /** A message for a data track the client is subscribed to; borrowed for the call. */
    public void sendData(String label, ByteBuf payload, boolean binary, long nowNanos) {
        begin(nowNanos);
        channels.send(label, payload, binary, nowNanos);
    }

    public void sendText(String label, String text, long nowNanos) {
        begin(nowNanos);
        channels.sendText(label, text, nowNanos);
    }

    /**
     * Sends the messages that the client may not have got from the node before this one, ahead of anything newer on the
     * same channel.
     */
    public void repeat(List<DataMessage> messages, long nowNanos) {
        begin(nowNanos);
        channels.repeat(messages, nowNanos);
    }

    // --- reports --------------------------------------------------------------------------------------------------

    /** Tells the room again the handover for another node, and the last description for the client. */
    public void reportNegotiation() {
        Description last = negotiation.lastLocal();
        if (last == null) {
            return; // Nothing was agreed here; the room still has the handover it may have sent.
        }
        reportHandover();
        owner.onEvent(new MediaEvent.LocalDescription(id, last));
    }

    /** Tells the room again the connectivity. */
    public void reportState() {
        connection.report();
    }

    /** Tells the room again the open media-signaling channels. */
    public void reportChannels() {
        channels.reportOpen();
    }

    /** Tells the room the messages that the client may not have got on its data channels, right before a silent end. */
    public void reportUnacknowledged() {
        owner.onEvent(new MediaEvent.Unacknowledged(id, channels.unacknowledged(MediaEvent.UNACKNOWLEDGED_BYTES_MAX)));
    }

    // --- streams --------------------------------------------------------------------------------------------------

    /** Returns the track that the client sends under that id, or null. */
    public @Nullable ReceivedTrack received(String clientTrackId) {
        return media.received(clientTrackId);
    }

    /** Returns the track that the client is sent under that id once an m-line carries it, or null. */
    public @Nullable SentTrack sent(String subscriptionId) {
        return media.sent(subscriptionId);
    }

    /** The tracks that the client sends. */
    public List<ReceivedTrack> receivedTracks() {
        return List.of(media.receivedTracks());
    }

    /** The tracks that the client is sent, or will be once they are negotiated. */
    public List<SentTrack> sentTracks() {
        return List.of(media.sentTracks());
    }

    /**
     * Describes this transport for people who look for a fault, together with its tracks as the caller has described
     * them.
     */
    public RouterRoomView.TransportView view(
            long desiredEpoch,
            long desiredVersion,
            List<RouterRoomView.ReceivedTrackView> received,
            List<RouterRoomView.SentTrackView> sent) {
        InetSocketAddress remote = path.destination();
        Map<String, Long> drops = new HashMap<>();
        addDropsTo(drops);
        return new RouterRoomView.TransportView(
                id,
                connection.state(),
                path.state(),
                dtls.state(),
                remote == null ? null : remote.getAddress().getHostAddress() + ":" + remote.getPort(),
                rtcp.rttNanos() == SendStatistics.RTT_UNKNOWN ? -1 : rtcp.rttNanos() / NANOS_PER_MILLI,
                negotiation.awaitsAnswer(),
                desiredEpoch,
                desiredVersion,
                received,
                sent,
                forwardedPackets(),
                keyFrameRequests(),
                drops);
    }

    /** The parameters of a data channel the client has opened, or null. */
    public @Nullable ChannelParameters clientChannel(String label) {
        return clientChannels.parameters(label);
    }

    /** Takes the messages that came on a channel of the client before the room knew its track, oldest first. */
    public void takeHeldMessages(String label, MessageSink sink) {
        clientChannels.takeHeld(label, sink);
    }

    /** Hands over the layers of each received video track whose layers changed since the last call. */
    public void drainLayerChanges(LayerSink sink) {
        for (ReceivedTrack track : media.receivedTracks()) {
            List<MediaEvent.Layer> layers = track.changedLayers();
            if (layers != null) {
                sink.layersChanged(this, track.clientTrackId(), layers);
            }
        }
    }

    /** Takes the flowing layers of a track. */
    @FunctionalInterface
    public interface LayerSink {
        void layersChanged(Transport transport, String clientTrackId, List<MediaEvent.Layer> layers);
    }

    // --- datagrams ------------------------------------------------------------------------------------------------

    /** A STUN datagram for one of our ufrags; borrowed for the call. */
    public void onStun(ByteBuf datagram, InetSocketAddress source, long nowNanos) {
        begin(nowNanos);
        path.onStun(datagram, source, nowNanos);
    }

    /** Returns whether datagrams from that address are this client's: an authentic check came from it within 30 s. */
    public boolean isValidated(InetSocketAddress source, long nowNanos) {
        return !closed && path.isValidated(source, nowNanos);
    }

    /** A DTLS datagram from an address that ICE validated for this transport; borrowed for the call. */
    public void onDtls(ByteBuf datagram, InetSocketAddress source, long nowNanos) {
        begin(nowNanos);
        path.onDtlsFrom(source);
        dtls.onDatagram(datagram);
    }

    /** An SRTP datagram from a validated address; decrypted in place, borrowed for the call. */
    public void onRtp(ByteBuf datagram, long nowNanos) {
        if (srtp.unprotectRtp(datagram)) {
            begin(nowNanos);
            media.onRtp(datagram, nowNanos);
        }
    }

    /** An SRTCP datagram from a validated address; decrypted in place, borrowed for the call. */
    public void onRtcp(ByteBuf datagram, long nowNanos) {
        if (srtp.unprotectRtcp(datagram)) {
            begin(nowNanos);
            rtcp.onDatagram(datagram);
        }
    }

    // --- time and output ------------------------------------------------------------------------------------------

    public void onTimeout(long nowNanos) {
        begin(nowNanos);
        path.onTimeout(nowNanos);
        negotiation.onTimeout(nowNanos);
        channels.onTimeout(nowNanos);
        media.onTimeout(nowNanos);
        rtcp.onTimeout();
    }

    public long nextDeadlineNanos() {
        if (closed) {
            return Deadline.NO_DEADLINE;
        }
        return Deadline.min(
                path.nextDeadlineNanos(),
                negotiation.nextDeadlineNanos(),
                media.nextDeadlineNanos(),
                rtcp.nextDeadlineNanos(),
                channels.nextDeadlineNanos());
    }

    /** Hands over all datagrams that may be sent now. The sink takes ownership. */
    public void drainTo(DatagramSink sink) {
        touched = false;
        path.drainTo(sink);
        if (channels.isStarted()) {
            channels.drainTo(dtls.fromSctp());
        }
        dtls.drainTo(sink);
        srtp.drainTo(sink);
    }

    /**
     * Ends the transport; with {@code notifyPeer} the client is told, by datagrams that leave with one more {@link
     * #drainTo}. A silent end is for connections that live on at another node.
     */
    public void close(boolean notifyPeer, long nowNanos) {
        if (closed) {
            return;
        }
        begin(nowNanos);
        if (notifyPeer) {
            negotiation.close();
            channels.abort(nowNanos);
            channels.drainTo(dtls.fromSctp());
        }
        closed = true;
        clientChannels.close();
        channels.dispose();
        dtls.close(notifyPeer);
        media.close();
        path.close();
    }

    /** Releases the datagrams that the last drain did not take. */
    public void release() {
        path.release();
        srtp.release();
        dtls.release();
    }

    /** The number of media packets sent to the client, without resends. */
    public long forwardedPackets() {
        return srtp.forwarded();
    }

    public long retransmissions() {
        return media.resent();
    }

    /**
     * Adds the drops of ICE, DTLS and SCTP, by the names that metrics use; all other drops are counted for the whole
     * loop.
     */
    public void addDropsTo(Map<String, Long> byName) {
        path.addDropsTo(byName);
        dtls.addDropsTo(byName);
        channels.addDropsTo(byName);
    }

    public long keyFrameRequests() {
        return rtcp.keyFrameRequests();
    }

    // --- inside ---------------------------------------------------------------------------------------------------

    /** Begins an input: notes its time, and that a drain is due after it. */
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

    private void startChannelsIfPossible() {
        if (srtp.hasKeys() && negotiation.hasApplication()) {
            channels.start(nowNanos);
        }
    }

    private void reportHandover() {
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
        public void addressValidated(InetSocketAddress remote) {
            owner.addressValidated(Transport.this, remote);
        }

        @Override
        public void addressExpired(InetSocketAddress remote) {
            owner.addressExpired(Transport.this, remote);
        }

        /** If consent was lost, media flows again. */
        @Override
        public void selectedAddressChanged() {
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
            reportHandover();
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
        public void localDescription(Description description) {
            reportHandover(); // First: the next node must not use a revision that the client knows already.
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
        }

        @Override
        public void sendRtcp(ByteBuf plaintext) {
            srtp.sendRtcp(plaintext);
        }
    }
}
