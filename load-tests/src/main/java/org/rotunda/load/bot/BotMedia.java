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
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.testkit.PeerData;
import org.rotunda.media.testkit.PeerIce;
import org.rotunda.media.testkit.PeerLine;
import org.rotunda.media.testkit.PeerSdp;

/**
 * The media connection of one bot: ICE, DTLS-SRTP, data channels, and the sockets' side of media. What it sends is the business of
 * {@link BotSender}, what it receives that of {@link BotReceiver}. Sans-IO but for the socket it is given; owned by one loop, which calls {@link #onDatagram}, {@link #onBatchEnd} and
 * {@link #onTime}.
 */
final class BotMedia implements BotDtls.Listener, RtcpSink {
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

    private static final List<SrtpProfile> PROFILES =
            List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM); // Chromium's order.
    private static final long DTLS_RETRY_NANOS = 1_000_000_000L;

    /** About when the SDK notices that its media node is gone and restarts ICE. */
    static final long SILENCE_NANOS = 7_500_000_000L;

    private static final int PROTECTION_BYTES_MAX = 32;
    private static final byte[] NO_BYTES = {};

    private final Environment environment;
    private final Output output;
    private final Listener listener;
    private final PeerIce ice;
    private final PeerData data;
    private final MediaCounters counters;
    private final BiConsumer<byte[], InetSocketAddress> checks = this::sendCheck; // Made once, not each tick.
    private final Consumer<byte[]> records = this::sendSctp;
    private final RtcpReader rtcp = new RtcpReader(this);
    private final RtcpReporter reporter;
    private final BotReceiver receiver;
    private final BotSender sender;
    private String fingerprint = "";
    private @Nullable BotDtls dtls;
    private @Nullable SrtpSession srtp;
    private long dtlsRetryNanos = Long.MIN_VALUE;
    private long heardNanos;
    private boolean wantsData;
    private boolean closed;
    private long batchNanos;
    private @Nullable WireTap tap;

    BotMedia(Environment environment, Output output, PeerData.Inbox inbox, Listener listener, MediaTotals totals) {
        this.environment = environment;
        this.output = output;
        this.listener = listener;
        counters = totals.counters();
        RandomGenerator random = environment.random();
        ice = new PeerIce(random);
        data = new PeerData(random, environment.loop().allocator(), inbox);
        int ownSsrc = random.nextInt() | 1;
        byte[] cname = Long.toHexString(random.nextLong()).getBytes(StandardCharsets.US_ASCII);
        reporter = new RtcpReporter(ownSsrc, cname, random);
        receiver = new BotReceiver(
                ownSsrc, totals, reporter, environment.loop()::scratch, this::sendRtcp, listener::onFirstMedia);
        sender = new BotSender(counters, reporter, environment, this::sendRtp);
    }

    boolean isConnected() {
        return srtp != null;
    }

    PeerData data() {
        return data;
    }

    List<IncomingStream> streams() {
        return receiver.streams();
    }

    void setTap(@Nullable WireTap next) {
        tap = next;
    }

    // --- negotiation ----------------------------------------------------------------------------------------------

    /** A description of the router is in force. */
    void onApplied(SessionDescription description, String localUfrag, List<PeerLine<BotTrack>> lines, long nowNanos) {
        MediaSection first = description.media().get(0);
        ice.onRemote(first, localUfrag);
        String next = String.valueOf(first.attribute("fingerprint"));
        if (!next.equals(fingerprint)) {
            fingerprint = next;
            forgetKeys(); // Another node: DTLS and SRTP begin anew, SCTP goes on over them.
        }
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
                track.setExtensions(line.isSending() ? extensions(section, String.valueOf(line.mid())) : null);
                sending.add(track);
            }
        }
        sender.replaceTracks(sending, srtp);
        receiver.keepOnly(described, srtp);
        reporter.onVideo(hasVideo, nowNanos);
        startData(nowNanos);
    }

    private ExtensionLayout extensions(MediaSection section, String mid) {
        ExtensionLayout.Builder builder = ExtensionLayout.builder();
        for (String value : section.attributes("extmap")) {
            String[] words = value.split(" ", -1);
            int id = Integer.parseInt(words[0].split("/", -1)[0]);
            if (words[1].equals(HeaderExtension.MID.uri())) {
                builder.mid(id, mid);
            } else if (words[1].equals(HeaderExtension.TRANSPORT_CC.uri())) {
                builder.transportSequence(id);
            } else if (words[1].equals(HeaderExtension.AUDIO_LEVEL.uri())) {
                builder.audioLevel(id);
            } else if (words[1].equals(PeerSdp.ABS_SEND_TIME)) {
                builder.absSendTime(id);
            }
        }
        return builder.build();
    }

    // --- DTLS and data --------------------------------------------------------------------------------------------

    private void forgetKeys() {
        srtp = null;
        dtlsRetryNanos = Long.MIN_VALUE;
        BotDtls old = dtls;
        dtls = null;
        if (old != null) {
            old.close();
        }
    }

    private void startDtls(long nowNanos) {
        if (srtp != null || ice.selected() == null || nowNanos < dtlsRetryNanos) {
            return;
        }
        if (dtls == null) {
            dtls = new BotDtls(environment.identity(), PROFILES, fingerprint, this);
        }
        dtls.start(environment.handshakes(), environment.loop().executor());
    }

    @Override
    public void onKeys(SrtpKeys keys) {
        long nowNanos = System.nanoTime();
        srtp = new SrtpSession(keys, SrtpRole.CLIENT);
        heardNanos = nowNanos;
        reporter.start(nowNanos);
        startData(nowNanos);
        listener.onConnected(nowNanos);
    }

    @Override
    public void onApplicationData(byte[] packet) {
        data.onPacket(packet, System.nanoTime());
    }

    @Override
    public void onDtlsFailed(String reason) {
        counters.dtlsFailures++;
        counters.lastDtlsFailure = reason;
        forgetKeys();
        dtlsRetryNanos = System.nanoTime() + DTLS_RETRY_NANOS;
    }

    @Override
    public void sendDtls(byte[] datagram) {
        transmit(Unpooled.wrappedBuffer(datagram));
    }

    private void startData(long nowNanos) {
        if (srtp != null && wantsData) {
            data.start(nowNanos);
            drainData();
        }
    }

    /** To be called after any input to {@link #data}. */
    void drainData() {
        if (dtls != null && srtp != null) {
            data.drainTo(records);
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
                BotDtls association = dtls;
                if (association != null) {
                    association.onDatagram(datagram);
                    drainData();
                }
            }
            case RTP -> onRtp(datagram, nowNanos);
            case RTCP -> onRtcp(datagram);
            default -> counters.unknownDatagrams++;
        }
    }

    private void onRtp(ByteBuf packet, long nowNanos) {
        SrtpSession session = srtp;
        SrtpResult result = session == null ? SrtpResult.AUTH_FAILED : session.unprotectRtp(packet);
        if (result != SrtpResult.OK) {
            counters.srtpFailures += session == null || result == SrtpResult.REPLAYED ? 0 : 1;
            return;
        }
        if (!RtpHeader.isValid(packet)) {
            counters.srtpFailures++;
            return;
        }
        receiver.onRtp(packet, nowNanos);
    }

    private void onRtcp(ByteBuf packet) {
        SrtpSession session = srtp;
        if (session == null) {
            return;
        }
        if (session.unprotectRtcp(packet) == SrtpResult.OK) {
            counters.rtcpIn++;
            rtcp.read(packet);
        } else {
            counters.srtpFailures++;
        }
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
        if (srtp == null) {
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
        if (reporter.nextDeadlineNanos() <= nowNanos) {
            ByteBuf out = environment.loop().scratch();
            while (reporter.writeDue(out, nowNanos)) {
                sendRtcp(out);
                out.clear();
            }
        }
        data.onTime(nowNanos);
        drainData();
    }

    // --- what the router asks for ---------------------------------------------------------------------------------

    @Override
    public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        receiver.onSenderReport(ssrc, ntpTimestamp, batchNanos);
    }

    @Override
    public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
        sender.onReportBlock(mediaSsrc, report, block, batchNanos);
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
        sender.onNack(mediaSsrc, sequenceNumber, batchNanos);
    }

    @Override
    public void onPli(int mediaSsrc) {
        sender.onPli(mediaSsrc, batchNanos);
    }

    @Override
    public void onFir(int mediaSsrc, int commandSequence) {
        onPli(mediaSsrc);
    }

    @Override
    public void onTransportFeedback(RtcpCompound feedback) {
        counters.transportFeedbacksIn++;
    }

    /** Adds what its tracks and streams count themselves. */
    void addLiveTo(MediaCounters sum) {
        receiver.streams().forEach(sum::addStream);
        sender.tracks().forEach(sum::addTrack);
    }

    // --- output ---------------------------------------------------------------------------------------------------

    /** Protects and sends a plain RTP packet as it is. Borrowed. */
    void sendRtp(ByteBuf packet) {
        SrtpSession session = srtp;
        if (session == null) {
            return;
        }
        WireTap listening = tap;
        if (listening != null) {
            listening.onRtp(packet);
        }
        ByteBuf out = environment.loop().allocator().directBuffer(packet.readableBytes() + PROTECTION_BYTES_MAX);
        if (session.protectRtp(packet, out) == SrtpResult.OK) {
            counters.packetsOut++;
            counters.bytesOut += packet.readableBytes();
            transmit(out);
        } else {
            out.release();
        }
    }

    /** Protects and sends a plain RTCP packet. Borrowed. */
    void sendRtcp(ByteBuf packet) {
        SrtpSession session = srtp;
        if (session == null) {
            return;
        }
        WireTap listening = tap;
        if (listening != null) {
            listening.onRtcp(packet);
        }
        ByteBuf out = environment.loop().allocator().directBuffer(packet.readableBytes() + PROTECTION_BYTES_MAX);
        if (session.protectRtcp(packet, out) == SrtpResult.OK) {
            transmit(out);
        } else {
            out.release();
        }
    }

    private void sendCheck(byte[] check, InetSocketAddress remote) {
        transmit(Unpooled.wrappedBuffer(check), remote);
    }

    private void sendSctp(byte[] packet) {
        WireTap listening = tap;
        if (listening != null) {
            listening.onSctp(packet);
        }
        sendApplicationData(packet);
    }

    /** Encrypts and sends bytes as one record of application data, where SCTP is expected. */
    void sendApplicationData(byte[] bytes) {
        BotDtls association = dtls;
        if (association != null && srtp != null) {
            association.send(bytes);
        }
    }

    /** A connectivity check as this bot would send it now; empty before there is anyone to check. */
    byte[] connectivityCheck() {
        return fingerprint.isEmpty() ? NO_BYTES : ice.check();
    }

    /** A connectivity check that the caller made up, with the bot's own signature; as it is before there is anyone to check. */
    byte[] signed(byte[] check) {
        StunIntegrity integrity = ice.integrity();
        return integrity == null ? check : StunWriter.signed(check, integrity);
    }

    /** Encrypts and sends a record of any content type, as a hostile client might. */
    void sendRecord(int contentType, byte[] plain) {
        BotDtls association = dtls;
        if (association != null && srtp != null) {
            association.sendRecord(contentType, plain);
        }
    }

    /** Where the router is; null before it answered. */
    @Nullable
    InetSocketAddress remote() {
        return ice.selected();
    }

    /** Sends a datagram as it is. Takes ownership. */
    void transmit(ByteBuf datagram) {
        InetSocketAddress remote = ice.selected();
        if (remote == null || closed) {
            datagram.release();
        } else {
            transmit(datagram, remote);
        }
    }

    private void transmit(ByteBuf datagram, InetSocketAddress remote) {
        WireTap listening = tap;
        if (listening != null) {
            listening.onDatagram(datagram);
        }
        counters.datagramsOut++;
        counters.datagramBytesOut += datagram.readableBytes();
        output.send(datagram, remote);
    }

    /** Gives everything back; nothing is sent any more. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        forgetKeys();
        sender.replaceTracks(List.of(), null);
        receiver.keepOnly(new IntObjectHashMap<>(), null);
        data.dispose();
    }
}
