package org.rotunda.load.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rotunda.load.bot.Bot;

/**
 * Sends mutated datagrams at a steady rate, from unknown addresses or over the connection of a bot. The content depends
 * on the bot, its {@link Recordings} and the seed. An object must be used by one thread only.
 */
public final class HostileDatagrams implements AutoCloseable {
    /**
     * The number of unknown addresses. If there were only one address, the test would not notice a router that keeps
     * state for every address.
     */
    private static final int STRANGERS = 32;

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int STUN_TAIL_BYTES = 32; // The tail consists of MESSAGE-INTEGRITY and FINGERPRINT.
    private static final int STUN_HEADER_BYTES = 20;
    private static final int RECORD_HEADER_BYTES = 13;
    private static final int RECORD_BYTES_MAX = 1_300;
    private static final int RTP_HEADER_BYTES = 12;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int RTP_SEQUENCE_OFFSET = 2;
    private static final int RTP_SSRC_OFFSET = 8;

    /**
     * The distance from a recorded sequence number or SRTCP index to the first made-up number. An RTP stream needs some
     * seconds to advance this far. The distance is much less than half of the sequence number space, so a made-up
     * number counts as newer than the recorded number.
     */
    private static final int AHEAD = 3_000;

    /**
     * The content types of hostile records. Some types are undefined. Handshake (22) is picked most often, because the
     * list has it four times. Application data (23) is missing, because it belongs to {@link Protocol#SCTP}.
     */
    private static final List<Integer> CONTENT_TYPES = List.of(20, 21, 22, 22, 22, 22, 24, 25, 26, 255);

    private final Recordings recordings;
    private final Mutations mutations;
    private final int perSecond;
    /** The last made-up sequence number of each SSRC. */
    private final Map<Integer, Short> numbers = new HashMap<>();

    private int srtcpIndexes;
    private final List<DatagramChannel> strangers = new ArrayList<>();

    public HostileDatagrams(Recordings recordings, long seed, int perSecond) {
        this.recordings = recordings;
        this.perSecond = perSecond;
        mutations = new Mutations(seed);
        try {
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(DatagramChannel.open());
            }
        } catch (IOException failure) {
            close();
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends this number of datagrams and returns when all are sent. */
    public void send(Approach approach, Protocol protocol, int count, Bot bot) {
        InetSocketAddress router = Objects.requireNonNull(bot.wire().router(), "the bot has no router");
        numbers.clear();
        long startNanos = System.nanoTime();
        for (int sent = 0; sent < count; sent++) {
            long dueNanos = startNanos + TimeUnit.SECONDS.toNanos(1) * sent / perSecond;
            if (dueNanos - System.nanoTime() > STEP_NANOS) {
                LockSupport.parkNanos(STEP_NANOS);
            }
            switch (approach) {
                case STRANGER -> sendFrom(strangers.get(sent % STRANGERS), mutatedDatagram(protocol), router);
                case VALIDATED -> bot.wire().sendDatagram(mutatedDatagram(protocol));
                case SEALED -> sendSealed(protocol, bot);
            }
        }
    }

    private byte[] mutatedDatagram(Protocol protocol) {
        List<byte[]> valid = recordings.wire(protocol);
        byte[] chosen = mutations.pick(valid);
        return mutations.of(
                switch (protocol) {
                    case RTP -> numberedAnew(chosen);
                    case RTCP -> indexedAnew(chosen);
                    default -> chosen;
                },
                valid);
    }

    /**
     * Returns an RTP packet with a sequence number that its stream has not reached. With the recorded number, the
     * router would drop the packet as a replay, and the bot's own session would not protect the packet.
     */
    private byte[] numberedAnew(byte[] rtp) {
        byte[] bytes = rtp.clone();
        if (bytes.length >= RTP_HEADER_BYTES) {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int ssrc = packet.getInt(RTP_SSRC_OFFSET);
            int was = packet.getShort(RTP_SEQUENCE_OFFSET) & 0xFFFF;
            packet.putShort(RTP_SEQUENCE_OFFSET, numbers.merge(ssrc, (short) (was + AHEAD), (number, start) ->
                    (short) (number + 1)));
        }
        return bytes;
    }

    /**
     * Returns an SRTCP packet with an index that its sender has not reached. The index follows the encryption flag at
     * the end of the packet (RFC 7714 §9.3). With the recorded index the router would drop the packet as a replay.
     */
    private byte[] indexedAnew(byte[] srtcp) {
        byte[] bytes = srtcp.clone();
        if (bytes.length >= RTCP_HEADER_BYTES + Integer.BYTES) {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int at = bytes.length - Integer.BYTES;
            packet.putInt(at, packet.getInt(at) + AHEAD + ++srtcpIndexes);
        }
        return bytes;
    }

    private static void sendFrom(DatagramChannel stranger, byte[] datagram, InetSocketAddress router) {
        try {
            stranger.send(ByteBuffer.wrap(datagram), router);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void sendSealed(Protocol protocol, Bot bot) {
        switch (protocol) {
            case STUN -> bot.wire().sendSignedCheck(check());
            case DTLS -> bot.wire().sendRecord(mutations.pick(CONTENT_TYPES), record());
            case RTP -> {
                List<byte[]> valid = recordings.plain(protocol);
                bot.wire().sendRtp(mutations.of(numberedAnew(mutations.pick(valid)), valid));
            }
            case RTCP -> bot.wire().sendRtcp(mutatedPlain(protocol));
            case SCTP -> bot.wire().sendApplicationData(bounded(withChecksum(mutatedPlain(protocol))));
        }
    }

    private byte[] mutatedPlain(Protocol protocol) {
        List<byte[]> valid = recordings.plain(protocol);
        return mutations.of(mutations.pick(valid), valid);
    }

    /**
     * Returns a damaged connectivity check without MESSAGE-INTEGRITY and FINGERPRINT. The bot adds these attributes
     * with its valid credentials when it sends the check.
     */
    private byte[] check() {
        List<byte[]> unsigned = recordings.wire(Protocol.STUN).stream()
                .filter(check -> check.length > STUN_HEADER_BYTES + STUN_TAIL_BYTES)
                .map(check -> Arrays.copyOf(check, check.length - STUN_TAIL_BYTES))
                .toList();
        return mutations.of(mutations.pick(unsigned), unsigned);
    }

    /** Returns the damaged content of a handshake record. */
    private byte[] record() {
        List<byte[]> contents = recordings.wire(Protocol.DTLS).stream()
                .filter(datagram -> datagram.length > RECORD_HEADER_BYTES)
                .map(datagram -> Arrays.copyOfRange(datagram, RECORD_HEADER_BYTES, datagram.length))
                .toList();
        return bounded(mutations.of(mutations.pick(contents), contents));
    }

    private static byte[] bounded(byte[] content) {
        return content.length > RECORD_BYTES_MAX ? Arrays.copyOf(content, RECORD_BYTES_MAX) : content;
    }

    /**
     * Corrects the checksum of seven packets out of eight. The router drops a packet with a wrong checksum without
     * parsing its chunks.
     */
    private byte[] withChecksum(byte[] packet) {
        if (packet.length >= SctpChecksum.HEADER_BYTES
                && packet.length <= RECORD_BYTES_MAX
                && mutations.random().nextInt(8) > 0) {
            SctpChecksum.writeInto(packet);
        }
        return packet;
    }

    @Override
    public void close() {
        for (DatagramChannel stranger : strangers) {
            try {
                stranger.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
