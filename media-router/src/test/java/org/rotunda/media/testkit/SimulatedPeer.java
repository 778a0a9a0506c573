package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/**
 * A browser with the SDK, without sockets and threads. It exchanges offers and answers, ICE checks, DTLS-SRTP and data
 * channels with a {@link SimulatedRouter}, sends tracks, and checks the streams it receives. Media, feedback and ICE
 * checks continue while the {@link Simulation} runs.
 */
public final class SimulatedPeer {
    private static final long TICK_NANOS = 5_000_000L;
    private static final long HELLO_INTERVAL_NANOS = 100_000_000L;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int RECORD_HEADER_LENGTH = 13;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final Instant BOOT = Instant.parse("2026-01-01T00:00:00Z");
    private static final DtlsIdentity IDENTITY =
            // All peers share one identity, because making a key is slow.
            DtlsIdentity.generate(new SecureRandom(), BOOT);

    private final Simulation simulation;
    private final TransportId id;
    private final PeerOptions options;
    private final PeerNegotiation<PublishedTrack> negotiation;
    private final PeerData data;
    private final PeerIce ice;
    private final PeerRtcp rtcp;
    private final Map<String, PublishedTrack> published = new LinkedHashMap<>();
    private final PeerReceiver receiver = new PeerReceiver();
    private final SimulatedLink link = new SimulatedLink();
    private final Map<String, List<String>> messages = new HashMap<>();
    private final List<byte[]> captured = new ArrayList<>();
    private InetSocketAddress address;
    private SimulatedRouter router;
    private @Nullable String remoteFingerprint;
    private @Nullable SrtpSession srtp;
    private @Nullable PeerRecords records;
    private long helloNanos = Long.MIN_VALUE / 2;
    private int transportSequence;
    private boolean capturing;
    private boolean publishing = true;
    private boolean midsSent = true;
    private boolean closed;
    private boolean deaf;
    private boolean helloWithheld;
    private int invitations;
    private long srtpFailures;
    private long receivedDatagrams;

    SimulatedPeer(
            Simulation simulation,
            SimulatedRouter router,
            TransportId id,
            PeerOptions options,
            Consumer<Description> signaling) {
        this.simulation = simulation;
        this.router = router;
        this.id = id;
        this.options = options;
        this.address = simulation.newAddress();
        this.negotiation = new PeerNegotiation<>(
                options, "u" + id.participantSid(), IDENTITY.fingerprint().toString(), signaling, this::onApplied);
        this.data = new PeerData(simulation.random(), simulation.allocator(), this::onMessage);
        this.ice = new PeerIce(simulation.random());
        this.rtcp = new PeerRtcp(simulation, this);
        simulation.attach(address, this::onDatagram);
        simulation.connect(address, link);
        tick();
    }

    public TransportId id() {
        return id;
    }

    public PeerOptions options() {
        return options;
    }

    public SimulatedLink link() {
        return link;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Changes the address and nothing else, like a phone that changes networks. */
    public void moveToNewAddress() {
        moveToAddress(simulation.newAddress());
    }

    /** Changes the address to one that no peer has now. */
    public void moveToAddress(InetSocketAddress next) {
        simulation.detach(address);
        address = next;
        simulation.attach(address, this::onDatagram);
        simulation.connect(address, link);
    }

    /** Sets the node that runs this peer's handshakes. The peer learns the node's address from signaling, not here. */
    void setRouter(SimulatedRouter next) {
        router = next;
    }

    // --- actions of an application ---------------------------------------------------------------------------------

    /** Makes the first offer. */
    public void connect() {
        negotiation.connect();
    }

    public PublishedTrack publishAudio(String trackId) {
        return publish(new PublishedTrack(trackId, PublishedTrack.Codec.OPUS, 1, false, simulation.random()));
    }

    public PublishedTrack publishVideo(String trackId, int encodings) {
        return publish(
                new PublishedTrack(trackId, PublishedTrack.Codec.VP8, encodings, options.rtx(), simulation.random()));
    }

    public PublishedTrack publishH264(String trackId) {
        return publish(new PublishedTrack(trackId, PublishedTrack.Codec.H264, 1, options.rtx(), simulation.random()));
    }

    private PublishedTrack publish(PublishedTrack track) {
        published.put(track.trackId(), track);
        negotiation.publish(track);
        return track;
    }

    public void unpublish(PublishedTrack track) {
        published.remove(track.trackId());
        negotiation.unpublish(track);
    }

    /** Returns a track with the given id and the same streams as {@code track}. */
    public PublishedTrack replacement(PublishedTrack track, String trackId) {
        return track.renamed(trackId);
    }

    /**
     * Gives the m-line of {@code track} the id of the track {@code next} in one offer, and keeps the SSRCs. Browsers do
     * this when a transceiver is re-used.
     */
    public void rename(PublishedTrack track, PublishedTrack next) {
        published.remove(track.trackId());
        published.put(next.trackId(), next);
        negotiation.replace(track, next);
    }

    /** Replaces the SSRCs of this track in the next description. */
    public void renewStreams(PublishedTrack track, int encodings) {
        track.renewStreams(encodings);
        negotiation.negotiate();
    }

    public void restartIce() {
        negotiation.restartIce();
    }

    /** Sets whether media is sent. ICE checks and feedback continue. */
    public void setPublishing(boolean isPublishing) {
        publishing = isPublishing;
    }

    /** Sets whether packets carry MID and RID. Chromium stops sending them after our first report on a stream. */
    public void setMidsSent(boolean areSent) {
        midsSent = areSent;
    }

    public void openChannel(String label, ChannelParameters parameters) {
        negotiation.openData();
        data.open(label, parameters, simulation.nowNanos());
        drainData();
    }

    public void closeChannel(String label) {
        data.close(label, simulation.nowNanos());
        drainData();
    }

    public boolean send(String label, String text) {
        boolean taken = data.send(label, text.getBytes(StandardCharsets.UTF_8), false, simulation.nowNanos());
        drainData();
        return taken;
    }

    /** Asks for a key frame of a received track. */
    public void sendPli(ReceivedStream stream) {
        rtcp.sendPli(stream.ssrc());
    }

    /** Sets whether the peer ignores descriptions of the router, like an SDK that hangs. */
    public void setDeaf(boolean isDeaf) {
        deaf = isDeaf;
    }

    /**
     * Sets whether checks carry USE-CANDIDATE. Chromium begins DTLS, and sometimes media, before its checks carry
     * USE-CANDIDATE.
     */
    public void setNominating(boolean isNominating) {
        ice.setNominating(isNominating);
    }

    /** Stops all output and input, like a closed tab. The router gets no message. */
    public void vanish() {
        closed = true;
        simulation.detach(address);
        data.dispose();
        receiver.close();
    }

    // --- observations for a test -----------------------------------------------------------------------------------

    /** Sets whether the peer sends no ClientHello, as if it went to a node that has died. */
    public void setHelloWithheld(boolean isWithheld) {
        helloWithheld = isWithheld;
    }

    /** Returns the number of requests for a ClientHello that have come. */
    public int invitations() {
        return invitations;
    }

    /** Returns whether ICE and DTLS are up. */
    public boolean isConnected() {
        return srtp != null;
    }

    public boolean isSettled() {
        return negotiation.isSettled();
    }

    /** Returns the stream that carries this track now. Throws if there is no such stream. */
    public ReceivedStream received(String trackId) {
        return receiver.stream(trackId);
    }

    public boolean receives(String trackId) {
        return negotiation.lines().stream().anyMatch(line -> trackId.equals(line.receivedTrackId));
    }

    /** Returns all streams that were ever described, including the current streams. */
    public Iterable<ReceivedStream> receivedStreams() {
        return receiver.streams().values();
    }

    public List<String> messages(String label) {
        return messages.computeIfAbsent(label, key -> new ArrayList<>());
    }

    /** Returns the channels that the router opened. The key is the label. */
    public Map<String, ChannelParameters> channelsOfRouter() {
        return data.openedByRouter();
    }

    /** Returns the labels of the channels that were closed. */
    public Set<String> closedChannels() {
        return data.closed();
    }

    public boolean isDataUp() {
        return data.isUp();
    }

    /** Returns whether the router ended the SCTP association. */
    public boolean isDataDown() {
        return data.isDown();
    }

    /** Returns whether the router ended DTLS. */
    public boolean isDtlsClosed() {
        PeerRecords association = records;
        return association != null && association.isClosedByPeer();
    }

    /** Returns the number of transport-wide feedback messages received. */
    public long transportFeedbacks() {
        return rtcp.transportFeedbacks();
    }

    /** Returns the transport-wide sequence numbers of all received packets, in the order of arrival. */
    public List<Integer> transportSequences() {
        return rtcp.transportSequences();
    }

    /** Returns the bit rate in the router's last REMB; -1 before the first REMB. */
    public long rembBps() {
        return rtcp.rembBps();
    }

    /** Sets whether the peer sends no transport-wide feedback, although it negotiated it. */
    public void setFeedbackStopped(boolean isStopped) {
        rtcp.setFeedbackStopped(isStopped);
    }

    /** Sends a limit of the bit rate that the router sends to this peer (REMB). */
    public void sendRemb(long bps) {
        ByteBuf out = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX);
        RtcpWriter.remb(out, 1, bps, new int[0], 0);
        sendRtcp(out);
    }

    /** Returns the number of received RTX packets, with those that have only padding. */
    public long rtxPackets() {
        return receiver.rtxPackets();
    }

    public long receivedDatagrams() {
        return receivedDatagrams;
    }

    /** Returns the number of received RTP packets that SRTP refused. Replays do not count. */
    public long srtpFailures() {
        return srtpFailures;
    }

    /** Returns the sequence number of the first packet of each RTX stream that the peer received. */
    public Collection<Integer> firstRtxNumbers() {
        return receiver.firstRtxNumbers();
    }

    public long unknownSsrcs() {
        return receiver.unknownSsrcs();
    }

    /** Returns a connectivity check that this peer could send now. Its credentials are valid. */
    public byte[] connectivityCheck() {
        return ice.check();
    }

    /** Starts to copy every datagram that this peer sends. Returns the list of the copies, which continues to grow. */
    public List<byte[]> capture() {
        capturing = true;
        return captured;
    }

    private void onMessage(String label, byte[] message, boolean binary) {
        messages(label).add(new String(message, StandardCharsets.UTF_8));
    }

    // --- used by the parts of the peer -----------------------------------------------------------------------------

    Iterable<PublishedTrack> publishedTracks() {
        return published.values();
    }

    void onDescription(Description description) {
        if (!closed && !deaf) {
            negotiation.onDescription(description);
        }
    }

    /** Encrypts and sends an RTCP packet that a test made. */
    public void sendRtcp(ByteBuf plain) {
        SrtpSession session = srtp;
        if (session != null && !closed) {
            ByteBuf out = Unpooled.buffer(plain.readableBytes() + 32);
            if (session.protectRtcp(plain, out) == SrtpResult.OK) {
                transmit(ByteBufUtil.getBytes(out));
            }
        }
    }

    /** Encrypts and sends an RTP packet that a test made. */
    public void sendRtp(ByteBuf plain) {
        SrtpSession session = srtp;
        if (session != null && !closed) {
            ByteBuf out = Unpooled.buffer(plain.readableBytes() + 32);
            if (session.protectRtp(plain, out) == SrtpResult.OK) {
                transmit(ByteBufUtil.getBytes(out));
            }
        }
    }

    /** Encrypts and sends the bytes as one record of application data, in place of an SCTP packet. */
    public void sendApplicationData(byte[] bytes) {
        PeerRecords association = records;
        if (association != null) {
            association.sendApplicationData(bytes);
        }
    }

    private void transmit(byte[] datagram) {
        InetSocketAddress remote = ice.selected();
        if (remote != null && !closed) {
            transmit(datagram, remote);
        }
    }

    private void transmit(byte[] datagram, InetSocketAddress remote) {
        if (capturing) {
            captured.add(datagram.clone());
        }
        simulation.send(address, remote, datagram);
    }

    // --- time and input -------------------------------------------------------------------------------------------

    private void tick() {
        if (closed) {
            return;
        }
        long nowNanos = simulation.nowNanos();
        ice.onTime(nowNanos, this::transmit);
        if (srtp == null && !helloWithheld && ice.selected() != null && nowNanos - helloNanos >= HELLO_INTERVAL_NANOS) {
            helloNanos = nowNanos;
            transmit(router.handshakes().newClientHello(IDENTITY, options.profiles(), this::onHandshake));
        }
        if (srtp != null) {
            sendMedia(nowNanos);
            rtcp.onTime(nowNanos, receiver.streams().values(), options.nacks());
            data.onTime(nowNanos);
            drainData();
        }
        simulation.after(TICK_NANOS, this::tick);
    }

    private void sendMedia(long nowNanos) {
        if (publishing) {
            forEachSending((track, extensions) -> track.onTime(nowNanos, this::sendNumbered, extensions::write));
        }
    }

    /**
     * Sends one frame of each published track at once, for callers with a clock of their own.
     *
     * @param captureNanos the time of capture, later than that of the frame before
     */
    public void sendFrames(long captureNanos) {
        forEachSending((track, extensions) -> track.encodeAll(captureNanos, this::sendNumbered, extensions::write));
    }

    private void forEachSending(BiConsumer<PublishedTrack, RtpExtensionsOut> send) {
        for (PeerLine<PublishedTrack> line : negotiation.lines()) {
            PublishedTrack track = line.track;
            String mid = line.mid;
            if (track != null && line.sending && mid != null) {
                send.accept(track, new RtpExtensionsOut(track, mid, options.announcement(), midsSent));
            }
        }
    }

    private void sendNumbered(PublishedStream stream, ByteBuf packet) {
        RtpExtensionsOut.number(packet, transportSequence++);
        stream.keep(stream.sequenceNumber, ByteBufUtil.getBytes(packet));
        sendRtp(packet);
    }

    /** Resends a packet that was lost on the way to the router. */
    void resend(PublishedTrack track, PublishedStream stream, int sequenceNumber) {
        byte[] packet = stream.resend(sequenceNumber);
        if (packet == null || !track.hasRtx()) {
            return;
        }
        ByteBuf original = Unpooled.wrappedBuffer(packet);
        int header = RtpHeader.lengthBytes(original);
        ByteBuf out = Unpooled.buffer(packet.length + 2);
        out.writeBytes(packet, 0, header).writeShort(sequenceNumber).writeBytes(packet, header, packet.length - header);
        RtpHeader.setPayloadType(out, PeerSdp.rtxPayloadType(RtpHeader.payloadType(original)));
        RtpHeader.setSsrc(out, stream.rtxSsrc());
        RtpHeader.setSequenceNumber(out, stream.rtxSequenceNumber);
        stream.rtxSequenceNumber = (stream.rtxSequenceNumber + 1) & 0xFFFF;
        RtpExtensionsOut.repair(out, options.announcement());
        RtpExtensionsOut.number(out, transportSequence++);
        sendRtp(out);
    }

    private void onHandshake(InlineHandshakes.ClientSide side) {
        PeerRecords association = side.wire();
        records = association;
        association.open(side.connected().records(), this::transmit);
        srtp = new SrtpSession(side.connected().keys(), SrtpRole.CLIENT);
        startData();
    }

    private void startData() {
        if (srtp != null && negotiation.lines().stream().anyMatch(line -> line.kind == MediaKind.APPLICATION)) {
            data.start(simulation.nowNanos());
            drainData();
        }
    }

    private void drainData() {
        PeerRecords association = records;
        if (association != null && srtp != null) {
            data.drainTo(association::sendApplicationData);
        }
    }

    private void onDatagram(byte[] datagram, InetSocketAddress source) {
        receivedDatagrams++;
        ByteBuf buffer = Unpooled.wrappedBuffer(datagram);
        switch (PacketKind.of(buffer)) {
            case STUN -> ice.onDatagram(buffer, source, this::transmit);
            case DTLS -> {
                invitations += isHelloVerifyRequest(datagram) ? 1 : 0;
                PeerRecords association = records;
                if (association != null) {
                    association.onDatagram(datagram, packet -> data.onPacket(packet, simulation.nowNanos()));
                    drainData();
                }
            }
            case RTP -> onRtp(buffer);
            case RTCP -> onRtcp(buffer);
            default -> throw new AssertionError("the router sent a datagram of no known kind");
        }
    }

    private static boolean isHelloVerifyRequest(byte[] datagram) {
        return datagram[0] == HANDSHAKE_RECORD && datagram[RECORD_HEADER_LENGTH] == HELLO_VERIFY_REQUEST;
    }

    private void onRtp(ByteBuf packet) {
        SrtpSession session = srtp;
        SrtpResult result = session == null ? SrtpResult.AUTH_FAILED : session.unprotectRtp(packet);
        if (result != SrtpResult.OK) {
            // A replay is no failure, because the link may duplicate packets and the router may resend them.
            srtpFailures += result == SrtpResult.REPLAYED ? 0 : 1;
            return;
        }
        int element =
                options.transportFeedback() ? RtpExtensions.find(packet, PeerSdp.TRANSPORT_CC_ID) : RtpExtensions.NONE;
        if (element != RtpExtensions.NONE) {
            int offset = packet.readerIndex() + RtpExtensions.offset(element);
            rtcp.onArrival(packet.getUnsignedShort(offset), RtpHeader.ssrc(packet), simulation.nowNanos());
        }
        receiver.onRtp(packet, simulation.nowNanos());
    }

    private void onRtcp(ByteBuf packet) {
        SrtpSession session = srtp;
        if (session != null && session.unprotectRtcp(packet) == SrtpResult.OK) {
            rtcp.onDatagram(packet, receiver.streams());
        }
    }

    private void onApplied(SessionDescription description) {
        MediaSection first = description.media().get(0);
        ice.onRemote(first, negotiation.localUfrag());
        String fingerprint = first.attribute("fingerprint");
        if (remoteFingerprint != null && !remoteFingerprint.equals(fingerprint)) {
            srtp = null; // Another node starts DTLS and SRTP anew. The data channels are kept.
            records = null;
        }
        remoteFingerprint = fingerprint;
        receiver.onApplied(description, negotiation.lines());
        startData();
    }
}
