package org.rotunda.load.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.WireTap;

/**
 * Opens data channels over the association of a bot with DCEP OPEN messages (RFC 8832 §5.1) that the bot itself would
 * not send. The messages take the TSNs that follow the bot's last TSN, so the bot's own later messages count as
 * duplicates, and the bot should leave after the attack. An object must be used by one thread only.
 */
public final class HostileChannels {
    private static final int DATA = 0;
    private static final int UNORDERED_WHOLE_MESSAGE = 0x07;
    private static final int CHUNK_HEADER_BYTES = 4;
    private static final int DATA_HEADER_BYTES = 16;
    private static final int OPEN_HEADER_BYTES = 12;
    private static final int DCEP = 50;
    private static final byte OPEN = 3;
    private static final byte RELIABLE = 0;
    private static final int PACKET_BYTES_MAX = 1_100;

    /** The number of stream ids that a client may use: the even ids below 1,024. */
    private static final int STREAMS = 512;

    private final Bot bot;
    private final byte[] header;
    private int tsn;

    private HostileChannels(Bot bot, byte[] header, int tsn) {
        this.bot = bot;
        this.header = header;
        this.tsn = tsn;
    }

    /** Takes over the association of a bot, whose data track must be open. Replaces the tap of the bot. */
    public static HostileChannels over(Bot bot) {
        AtomicReference<byte @Nullable []> data = new AtomicReference<>();
        bot.wire().setTap(new WireTap() {
            @Override
            public void onSctp(byte[] packet) {
                if (packet[SctpChecksum.HEADER_BYTES] == DATA) {
                    data.set(packet.clone());
                }
            }
        });
        bot.send("the last message of the bot").toCompletableFuture().join();
        byte[] packet = Objects.requireNonNull(data.get(), "the bot has sent no data");
        return new HostileChannels(bot, Arrays.copyOf(packet, SctpChecksum.HEADER_BYTES), lastTsn(packet));
    }

    private static int lastTsn(byte[] packet) {
        ByteBuffer chunks = ByteBuffer.wrap(packet);
        int last = 0;
        int at = SctpChecksum.HEADER_BYTES;
        while (at + CHUNK_HEADER_BYTES <= packet.length) {
            if (packet[at] == DATA) {
                last = chunks.getInt(at + CHUNK_HEADER_BYTES);
            }
            at += padded(chunks.getShort(at + 2) & 0xFFFF);
        }
        return last;
    }

    private static int padded(int bytes) {
        return (bytes + 3) & ~3;
    }

    /** Opens one channel with any bytes as label and protocol. */
    public void open(int streamId, byte[] label, byte[] protocol) {
        ByteBuffer packet = newPacket();
        append(packet, streamId, label, protocol);
        send(packet);
    }

    /** Opens this number of channels as fast as possible. After 512 channels, the ids begin again. */
    public void openMany(int count) {
        ByteBuffer packet = newPacket();
        for (int i = 0; i < count; i++) {
            byte[] label = ("flood-" + i).getBytes(StandardCharsets.UTF_8);
            if (packet.position() + DATA_HEADER_BYTES + OPEN_HEADER_BYTES + padded(label.length) > PACKET_BYTES_MAX) {
                send(packet);
                packet = newPacket();
            }
            append(packet, 2 * (i % STREAMS), label, new byte[0]);
        }
        send(packet);
    }

    private ByteBuffer newPacket() {
        return ByteBuffer.allocate(PACKET_BYTES_MAX).put(header);
    }

    private void append(ByteBuffer packet, int streamId, byte[] label, byte[] protocol) {
        int length = DATA_HEADER_BYTES + OPEN_HEADER_BYTES + label.length + protocol.length;
        packet.put((byte) DATA).put((byte) UNORDERED_WHOLE_MESSAGE).putShort((short) length);
        packet.putInt(++tsn).putShort((short) streamId).putShort((short) 0).putInt(DCEP);
        packet.put(OPEN).put(RELIABLE).putShort((short) 0).putInt(0);
        packet.putShort((short) label.length).putShort((short) protocol.length);
        packet.put(label).put(protocol).put(new byte[padded(length) - length]);
    }

    private void send(ByteBuffer packet) {
        byte[] bytes = new byte[packet.position()];
        packet.flip().get(bytes);
        SctpChecksum.writeInto(bytes);
        bot.wire().sendApplicationData(bytes);
    }
}
