package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.IncomingStream;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.testkit.PeerData;
import org.rotunda.media.testkit.PeerIce;
import org.rotunda.media.testkit.PeerLine;

/**
 * The media connection of one bot. This class handles ICE, demultiplexing and data channels. {@link BotSecurity} holds
 * the keys, {@link BotTransmitter} protects and sends packets, {@link BotSender} holds the sent tracks, {@link
 * BotReceiver} holds the received streams, and {@link BotRtcp} handles reports. In a counting bot, a {@link
 * CountingReceiver} gets the received packets instead. Owned by one loop, which calls {@link #onDatagram}, {@link
 * #onBatchEnd} and {@link #onTime}.
 */
final class BotMedia implements BotSecurity.Listener {
    /** The output for datagrams. */
    interface Output {
        /** Sends a datagram and takes ownership of the buffer. */
        void send(ByteBuf datagram, InetSocketAddress remote);
    }

    /** The listener for events of the connection. */
    interface Listener {
        /** Called when ICE and DTLS have connected to the first node, and again after a move to another node. */
        void onConnected(long nowNanos);

        void onFirstMedia(long nowNanos);

        /** Called after each {@link #SILENCE_NANOS} in which nothing has arrived. */
        void onSilence();
    }

    /** The objects that a bot shares with other bots, and the bot's own random generator. */
    record Environment(
            DtlsIdentity identity,
            DtlsHandshakes handshakes,
            BotLoop loop,
            RandomGenerator random,
            long unixMinusMonotonicNanos) {}

    /** The approximate time without packets after which the SDK considers its media node lost and restarts ICE. */
    static final long SILENCE_NANOS = 7_500_000_000L;

    private static final byte[] NO_BYTES = {};

    private final Listener listener;
    private final MediaCounters counters;
    private final PeerIce ice;
    private final PeerData data;
    private final BotSecurity security;
    private final BotTransmitter transmitter;
    private final RtcpReporter reporter;
    private final BotReceiver receiver;
    private final @Nullable CountingReceiver counting; // Null unless this is a counting bot.
    private final BotSender sender;
    private final BotRtcp rtcp;
    // These two callbacks are created once instead of at each tick.
    private final BiConsumer<byte[], InetSocketAddress> checks;
    private final Consumer<byte[]> sctp;
    private long batchNanos;
    private long heardNanos;
    private boolean hasDataLine;
    private boolean closed;

    /**
     * Creates a connection that waits for the router's description.
     *
     * @param counts whether received RTP packets are only counted, see {@link BotSettings#counts}
     */
    BotMedia(
            Environment environment,
            Output output,
            PeerData.Inbox inbox,
            Listener listener,
            MediaTotals totals,
            boolean counts) {
        this.listener = listener;
        counters = totals.counters();
        RandomGenerator random = environment.random();
        BotLoop loop = environment.loop();
        ice = new PeerIce(random);
        data = new PeerData(random, loop.allocator(), inbox);
        security = new BotSecurity(environment, counters, this);
        transmitter = new BotTransmitter(loop, ice, security, output, counters);
        int ownSsrc = random.nextInt() | 1;
        byte[] cname = Long.toHexString(random.nextLong()).getBytes(StandardCharsets.US_ASCII);
        reporter = new RtcpReporter(ownSsrc, cname, random);
        receiver = new BotReceiver(
                ownSsrc, totals, reporter, loop::scratch, transmitter::sendRtcp, listener::onFirstMedia);
        counting = counts ? new CountingReceiver(counters, listener::onFirstMedia) : null;
        sender = new BotSender(counters, reporter, environment, transmitter::sendRtp);
        rtcp = new BotRtcp(reporter, receiver, sender, counters, loop::scratch, transmitter::sendRtcp);
        checks = transmitter::sendCheck;
        sctp = transmitter::sendSctp;
    }

    PeerData data() {
        return data;
    }

    /** Returns the transmitter, for a tap and for packets that no real client sends. */
    BotTransmitter transmitter() {
        return transmitter;
    }

    BotSecurity security() {
        return security;
    }

    List<IncomingStream> streams() {
        return receiver.streams();
    }

    // --- negotiation ----------------------------------------------------------------------------------------------

    /** Applies the router's description after the negotiation has accepted it. */
    void onApplied(SessionDescription description, String localUfrag, List<PeerLine<BotTrack>> lines, long nowNanos) {
        MediaSection first = description.media().get(0);
        ice.onRemote(first, localUfrag);
        String fingerprint = first.attribute("fingerprint");
        // A fingerprint of the session is that of every section that has none (RFC 8122 §5).
        security.onFingerprint(
                String.valueOf(fingerprint != null ? fingerprint : description.attribute("fingerprint")));
        boolean hasVideo = false;
        IntObjectMap<IncomingStream> described = new IntObjectHashMap<>();
        List<BotTrack> sending = new ArrayList<>();
        for (int i = 0; i < lines.size() && i < description.media().size(); i++) {
            PeerLine<BotTrack> line = lines.get(i);
            MediaSection section = description.media().get(i);
            hasDataLine |= line.kind() == MediaKind.APPLICATION;
            String received = line.receivedTrackId();
            if (received != null) {
                hasVideo |= line.kind() == MediaKind.VIDEO;
                if (counting == null) { // A counting receiver finds its streams by their packets.
                    receiver.describe(received, section, described);
                }
            }
            BotTrack track = line.track();
            if (track != null) {
                hasVideo |= track.isVideo();
                track.setExtensions(
                        line.isSending()
                                ? TrackExtensions.of(
                                        section,
                                        String.valueOf(line.mid()),
                                        track.streams().size())
                                : null);
                sending.add(track);
            }
        }
        sender.replaceTracks(sending, security.srtp());
        receiver.keepOnly(described, security.srtp());
        reporter.onVideo(hasVideo, nowNanos);
        startData(nowNanos);
    }

    // --- keys and data --------------------------------------------------------------------------------------------

    private void startDtls(long nowNanos) {
        if (ice.selected() != null) {
            security.start(nowNanos);
        }
    }

    @Override
    public void onKeys(long nowNanos) {
        heardNanos = nowNanos;
        reporter.start(nowNanos);
        startData(nowNanos);
        listener.onConnected(nowNanos);
    }

    @Override
    public void onApplicationData(byte[] packet, long nowNanos) {
        data.onPacket(packet, nowNanos);
    }

    @Override
    public void sendDtls(byte[] datagram) {
        transmitter.transmit(Unpooled.wrappedBuffer(datagram));
    }

    private void startData(long nowNanos) {
        if (security.srtp() != null && hasDataLine) {
            data.start(nowNanos);
            drainData();
        }
    }

    /** Sends the pending SCTP packets. Must be called after any input to {@link #data}. */
    void drainData() {
        if (security.srtp() != null) {
            data.drainTo(sctp);
        }
    }

    // --- input ----------------------------------------------------------------------------------------------------

    /** Processes a datagram of a read batch. The datagram is borrowed and decrypted in place. */
    void onDatagram(ByteBuf datagram, InetSocketAddress source, long nowNanos) {
        if (closed) {
            return;
        }
        batchNanos = nowNanos;
        heardNanos = nowNanos;
        counters.datagramsIn++;
        counters.datagramBytesIn += datagram.readableBytes();
        switch (PacketKind.of(datagram)) {
            case STUN -> {
                ice.onDatagram(datagram, source, checks);
                startDtls(nowNanos);
            }
            case DTLS -> {
                security.onDatagram(datagram);
                drainData();
            }
            case RTP -> onRtp(datagram, nowNanos);
            case RTCP -> onRtcp(datagram, nowNanos);
            default -> counters.unknownDatagrams++;
        }
    }

    private void onRtp(ByteBuf packet, long nowNanos) {
        SrtpSession session = security.srtp();
        if (session == null) {
            // The receiver can read the SSRC without keys, because SRTP does not encrypt the RTP header.
            receiver.onEarlyRtp(packet);
            return;
        }
        CountingReceiver counter = counting;
        if (counter != null) {
            counter.onRtp(packet, nowNanos);
            return;
        }
        SrtpResult result = session.unprotectRtp(packet);
        if (result == SrtpResult.OK && RtpHeader.isValid(packet)) {
            receiver.onRtp(packet, nowNanos);
        } else {
            countFailure(result);
        }
    }

    private void onRtcp(ByteBuf packet, long nowNanos) {
        SrtpSession session = security.srtp();
        if (session == null) {
            return;
        }
        SrtpResult result = session.unprotectRtcp(packet);
        if (result == SrtpResult.OK) {
            rtcp.onPacket(packet, nowNanos);
        } else {
            countFailure(result);
        }
    }

    /**
     * Counts a packet that could not be decrypted. Replayed packets are not counted, because networks may duplicate
     * packets.
     */
    private void countFailure(SrtpResult result) {
        counters.srtpFailures += result == SrtpResult.REPLAYED ? 0 : 1;
    }

    /** Ends a read batch and sends the feedback that is due. */
    void onBatchEnd() {
        if (!closed) {
            receiver.onBatchEnd(batchNanos);
        }
    }

    /** Performs the work that is due at this time. Called at every tick of the loop. */
    void onTime(long nowNanos) {
        if (closed) {
            return;
        }
        ice.onTime(nowNanos, checks);
        if (security.srtp() == null) {
            startDtls(nowNanos);
            return;
        }
        if (nowNanos - heardNanos > SILENCE_NANOS) {
            heardNanos = nowNanos; // The next silence begins now.
            counters.silences++;
            listener.onSilence();
        }
        sender.onTime(nowNanos);
        receiver.onTime(nowNanos);
        rtcp.onTime(nowNanos);
        data.onTime(nowNanos);
        drainData();
    }

    /** Adds the counters of the current tracks and streams. */
    void addLiveTo(MediaCounters sum) {
        receiver.streams().forEach(sum::addStream);
        sender.tracks().forEach(sum::addTrack);
    }

    /** Returns a connectivity check as this bot would send it now; empty before the router's first description. */
    byte[] connectivityCheck() {
        return security.isExpectingRouter() ? ice.check() : NO_BYTES;
    }

    /**
     * Returns the check with a signature by the bot's credentials. Before the router's first description, returns the
     * check unsigned.
     */
    byte[] signed(byte[] check) {
        StunIntegrity integrity = ice.integrity();
        return integrity == null ? check : StunWriter.signed(check, integrity);
    }

    /** Returns the router's address; null until the router has answered a check. */
    @Nullable
    InetSocketAddress remote() {
        return ice.selected();
    }

    /** Releases all resources and stops sending. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        transmitter.close();
        security.close();
        sender.replaceTracks(List.of(), null);
        receiver.keepOnly(new IntObjectHashMap<>(), null);
        data.dispose();
    }
}
