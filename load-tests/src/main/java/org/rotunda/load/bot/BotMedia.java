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
 * The media connection of one bot: ICE, demultiplexing, data channels, and the composition of the rest. Its keys are the business of
 * {@link BotSecurity}, what leaves that of {@link BotTransmitter}; the tracks it sends are in {@link BotSender}, the streams it receives in
 * {@link BotReceiver}, what is said about both in {@link BotRtcp}. Sans-IO but for the socket it is given; owned by one loop, which calls
 * {@link #onDatagram}, {@link #onBatchEnd} and {@link #onTime}.
 */
final class BotMedia implements BotSecurity.Listener {
    /** Where datagrams leave. */
    interface Output {
        /** Takes ownership. */
        void send(ByteBuf datagram, InetSocketAddress remote);
    }

    /** What the connection tells the bot. */
    interface Listener {
        /** ICE and DTLS are up, for the first time or with another node. */
        void onConnected(long nowNanos);

        void onFirstMedia(long nowNanos);

        /** Nothing has come for so long that the router must be gone. Said again as long as that goes on. */
        void onSilence();
    }

    /** What a bot shares with others of its loop or fleet. */
    record Environment(
            DtlsIdentity identity,
            DtlsHandshakes handshakes,
            BotLoop loop,
            RandomGenerator random,
            long unixMinusMonotonicNanos) {}

    /** About when the SDK notices that its media node is gone and restarts ICE. */
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
    private final BotSender sender;
    private final BotRtcp rtcp;
    private final BiConsumer<byte[], InetSocketAddress> checks; // Made once, not each tick.
    private final Consumer<byte[]> sctp;
    private long batchNanos;
    private long heardNanos;
    private boolean wantsData;
    private boolean closed;

    BotMedia(Environment environment, Output output, PeerData.Inbox inbox, Listener listener, MediaTotals totals) {
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
        sender = new BotSender(counters, reporter, environment, transmitter::sendRtp);
        rtcp = new BotRtcp(reporter, receiver, sender, counters, loop::scratch, transmitter::sendRtcp);
        checks = transmitter::sendCheck;
        sctp = transmitter::sendSctp;
    }

    PeerData data() {
        return data;
    }

    /** Its way out, for a tap and for what no client would send. */
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

    /** A description of the router is in force. */
    void onApplied(SessionDescription description, String localUfrag, List<PeerLine<BotTrack>> lines, long nowNanos) {
        MediaSection first = description.media().get(0);
        ice.onRemote(first, localUfrag);
        security.onFingerprint(String.valueOf(first.attribute("fingerprint")));
        boolean hasVideo = false;
        IntObjectMap<IncomingStream> described = new IntObjectHashMap<>();
        List<BotTrack> sending = new ArrayList<>();
        for (int i = 0; i < lines.size() && i < description.media().size(); i++) {
            PeerLine<BotTrack> line = lines.get(i);
            MediaSection section = description.media().get(i);
            wantsData |= line.kind() == MediaKind.APPLICATION;
            String received = line.receivedTrackId();
            if (received != null) {
                hasVideo |= line.kind() == MediaKind.VIDEO;
                receiver.describe(received, section, described);
            }
            BotTrack track = line.track();
            if (track != null) {
                hasVideo |= track.isVideo();
                track.setExtensions(
                        line.isSending() ? BotSender.extensions(section, String.valueOf(line.mid())) : null);
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
        if (security.srtp() != null && wantsData) {
            data.start(nowNanos);
            drainData();
        }
    }

    /** To be called after any input to {@link #data}. */
    void drainData() {
        if (security.srtp() != null) {
            data.drainTo(sctp);
        }
    }

    // --- input ----------------------------------------------------------------------------------------------------

    /** A datagram of a read batch. Borrowed; decrypted in place. */
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
                ice.onDatagram(datagram, source);
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
            receiver.onEarlyRtp(packet); // Its header is in the clear.
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

    /** What networks duplicate is nobody's fault. */
    private void countFailure(SrtpResult result) {
        counters.srtpFailures += result == SrtpResult.REPLAYED ? 0 : 1;
    }

    /** All datagrams that were there have been read. */
    void onBatchEnd() {
        if (!closed) {
            receiver.onBatchEnd(batchNanos);
        }
    }

    /** Called every tick of the loop. */
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
            heardNanos = nowNanos; // For the next time.
            counters.silences++;
            listener.onSilence();
        }
        sender.onTime(nowNanos);
        receiver.onTime(nowNanos);
        rtcp.onTime(nowNanos);
        data.onTime(nowNanos);
        drainData();
    }

    /** Adds what its tracks and streams count themselves. */
    void addLiveTo(MediaCounters sum) {
        receiver.streams().forEach(sum::addStream);
        sender.tracks().forEach(sum::addTrack);
    }

    /** A connectivity check as this bot would send it now; empty before there is anyone to check. */
    byte[] connectivityCheck() {
        return security.isExpectingRouter() ? ice.check() : NO_BYTES;
    }

    /** A connectivity check that the caller made up, with the bot's own signature; as it is before there is anyone to check. */
    byte[] signed(byte[] check) {
        StunIntegrity integrity = ice.integrity();
        return integrity == null ? check : StunWriter.signed(check, integrity);
    }

    /** Where the router is; null before it answered. */
    @Nullable
    InetSocketAddress remote() {
        return ice.selected();
    }

    /** Gives everything back; nothing is sent any more. */
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
