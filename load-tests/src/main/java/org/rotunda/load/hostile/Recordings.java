package org.rotunda.load.hostile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.rotunda.load.bot.WireTap;
import org.rotunda.media.rtp.PacketKind;

/**
 * The packets that one bot has sent. Attacks damage copies of these packets. While a recording runs, the latest packets
 * of each protocol are kept. The bot's loop writes the packets, and the attacker's thread reads them.
 */
public final class Recordings implements WireTap {
    /**
     * The maximum number of packets of each protocol that are kept. Sent datagrams and plain packets count separately.
     * A bot sends about this number of packets in one second.
     */
    private static final int PACKETS_MAX = 256;

    private static final int PACKETS_MIN = 8;
    private static final int REPORTS_MIN = 3; // A bot sends about one report a second.
    private static final int APPLICATION_DATA = 23;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int EPOCH_OFFSET = 3;
    private static final int HANDSHAKE_TYPE_OFFSET = 13;

    private final Map<Protocol, ArrayDeque<byte[]>> wire = new EnumMap<>(Protocol.class);
    private final Map<Protocol, ArrayDeque<byte[]>> plain = new EnumMap<>(Protocol.class);
    private final ArrayDeque<String> signaling = new ArrayDeque<>();
    private boolean recording;

    public Recordings() {
        for (Protocol protocol : Protocol.values()) {
            wire.put(protocol, new ArrayDeque<>());
            plain.put(protocol, new ArrayDeque<>());
        }
    }

    /**
     * Starts to record a new connection. Removes the packets of the earlier connection, which had other sequence
     * numbers and keys. Keeps the DTLS records, because the bot may make no further handshake that could be recorded.
     */
    public synchronized void record() {
        for (Protocol protocol : List.of(Protocol.STUN, Protocol.RTCP)) {
            of(wire, protocol).clear();
            of(plain, protocol).clear();
        }
        recordAnew();
    }

    /**
     * Starts to record the same connection again. Keeps the connectivity checks and the reports, too. A bot sends few of
     * them, checks do not become old, and the attack gives reports new indexes.
     */
    public synchronized void recordAnew() {
        for (Protocol protocol : List.of(Protocol.RTP, Protocol.SCTP)) {
            of(wire, protocol).clear();
            of(plain, protocol).clear();
        }
        recording = true;
    }

    /** Stops recording, so that hostile packets are not recorded as valid packets. */
    public synchronized void stop() {
        recording = false;
    }

    /** Returns whether enough packets of every protocol and enough signaling frames have been recorded. */
    public synchronized boolean isComplete() {
        return wire.values().stream().noneMatch(ArrayDeque::isEmpty)
                && of(plain, Protocol.RTP).size() >= PACKETS_MIN
                && of(plain, Protocol.SCTP).size() >= PACKETS_MIN
                && of(plain, Protocol.RTCP).size() >= REPORTS_MIN
                && signaling.size() > 1;
    }

    /** Returns the datagrams of a protocol as they were sent. */
    synchronized List<byte[]> wire(Protocol protocol) {
        return new ArrayList<>(of(wire, protocol));
    }

    /** Returns a datagram with which the bot began a handshake. */
    public synchronized byte[] clientHello() {
        return of(wire, Protocol.DTLS).stream()
                .filter(Recordings::isClientHello)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no ClientHello is recorded"))
                .clone();
    }

    /** Returns whether the first record is an unprotected handshake message of type client_hello (RFC 6347 §4.3.2). */
    private static boolean isClientHello(byte[] datagram) {
        return datagram.length > HANDSHAKE_TYPE_OFFSET
                && datagram[0] == HANDSHAKE
                && datagram[EPOCH_OFFSET] == 0
                && datagram[EPOCH_OFFSET + 1] == 0
                && datagram[HANDSHAKE_TYPE_OFFSET] == CLIENT_HELLO;
    }

    /** Returns the packets of a protocol (RTP, RTCP or SCTP) as they were before their encryption. */
    synchronized List<byte[]> plain(Protocol protocol) {
        return new ArrayList<>(of(plain, protocol));
    }

    /** Returns the signaling frames, oldest first. */
    synchronized List<String> signaling() {
        return new ArrayList<>(signaling);
    }

    private static ArrayDeque<byte[]> of(Map<Protocol, ArrayDeque<byte[]>> packets, Protocol protocol) {
        return Objects.requireNonNull(packets.get(protocol));
    }

    private <T> void keep(ArrayDeque<T> kept, T packet) {
        if (recording) {
            if (kept.size() == PACKETS_MAX) {
                kept.removeFirst();
            }
            kept.addLast(packet);
        }
    }

    @Override
    public synchronized void onDatagram(ByteBuf datagram) {
        Protocol protocol = switch (PacketKind.of(datagram)) {
            case STUN -> Protocol.STUN;
            case RTP -> Protocol.RTP;
            case RTCP -> Protocol.RTCP;
            default -> datagram.getByte(datagram.readerIndex()) == APPLICATION_DATA ? Protocol.SCTP : Protocol.DTLS;
        };
        keep(of(wire, protocol), ByteBufUtil.getBytes(datagram));
    }

    @Override
    public synchronized void onRtp(ByteBuf packet) {
        keep(of(plain, Protocol.RTP), ByteBufUtil.getBytes(packet));
    }

    @Override
    public synchronized void onRtcp(ByteBuf packet) {
        keep(of(plain, Protocol.RTCP), ByteBufUtil.getBytes(packet));
    }

    @Override
    public synchronized void onSctp(byte[] packet) {
        keep(of(plain, Protocol.SCTP), packet.clone());
    }

    @Override
    public synchronized void onSignaling(String frame) {
        keep(signaling, frame);
    }
}
