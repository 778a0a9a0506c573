package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Properties under hostile bytes: nothing throws, nothing is read out of bounds, and memory stays within its limits.
 */
class SctpFuzzProperties {
    private final Crc32cChecksum checksum = new Crc32cChecksum();

    @Property(tries = 500)
    void randomBytesAreDropped(@ForAll @Size(max = 300) byte[] bytes) {
        SctpPair pair = SctpPair.established();
        pair.server.onPacket(Unpooled.wrappedBuffer(bytes), pair.nowNanos);
        assertThat(pair.server.isUp()).isTrue();
    }

    /** Sends random chunks with a right header, tag and checksum to associations in every state. */
    @Property(tries = 1_000)
    void randomChunksNeverThrow(
            @ForAll long seed, @ForAll @IntRange(max = 7) int stage, @ForAll @IntRange(min = 1, max = 8) int chunks) {
        SctpVictim victim = new SctpVictim(seed, stage);
        Random random = new Random(seed);
        for (int packet = 0; packet < 20; packet++) {
            victim.receive(randomPacket(random, victim.tag(), chunks));
        }
        victim.check();
    }

    /** Records the packets of a real exchange, changes a few bytes of them and corrects the checksum. */
    @Property(tries = 1_000)
    void mutatedPacketsNeverThrow(
            @ForAll long seed,
            @ForAll @IntRange(max = 7) int stage,
            @ForAll @IntRange(min = 1, max = 6) int mutations) {
        SctpVictim victim = new SctpVictim(seed, stage);
        Random random = new Random(seed);
        for (byte[] original : victim.recorded) {
            byte[] bytes = original.clone();
            for (int i = 0; i < mutations; i++) {
                int at = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : 12 + random.nextInt(bytes.length - 12);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
            }
            ByteBuf packet = Unpooled.wrappedBuffer(bytes);
            checksum.write(packet);
            victim.receive(packet);
        }
        victim.check();
    }

    /**
     * Sends valid DATA chunks in every order and shape. The bytes held for reassembly must stay within twice the
     * window.
     */
    @Property(tries = 25)
    void heldDataStaysBounded(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1100) int fragmentBytes) {
        SctpVictim victim = new SctpVictim(seed, 4);
        Random random = new Random(seed);
        int peak = 0;
        for (int i = 0; i < 3_000; i++) {
            ByteBuf packet = header(victim.tag());
            int tsn = victim.nextTsn + random.nextInt(TsnTracker.WINDOW_TSNS);
            int flags = random.nextInt(8);
            packet.writeByte(ChunkType.DATA).writeByte(flags).writeShort(16 + fragmentBytes);
            packet.writeInt(tsn).writeShort(random.nextInt(40)).writeShort(random.nextInt(100));
            packet.writeInt(PayloadProtocol.BINARY).writeZero(SctpPacket.padded(fragmentBytes));
            checksum.write(packet);
            victim.receive(packet);
            peak = Math.max(peak, victim.association.receiver().heldBytes());
        }
        assertThat(peak).isLessThanOrEqualTo(2 * SctpSettings.DEFAULT.receiveWindowBytes());
        victim.check();
    }

    private ByteBuf randomPacket(Random random, int tag, int chunks) {
        int[] types = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 130, 192, 64, 200};
        ByteBuf packet = header(random.nextInt(12) == 0 ? 0 : tag);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int type = types[random.nextInt(types.length)];
            if (type == ChunkType.ABORT && random.nextInt(4) != 0) {
                type = ChunkType.DATA; // More ABORT chunks would end most runs at once.
            }
            int length = random.nextInt(60);
            packet.writeByte(type).writeByte(random.nextInt(16)).writeShort(4 + length);
            for (int i = 0; i < SctpPacket.padded(length); i++) {
                // A small number is a valid length, count or parameter type more often than a random byte is.
                packet.writeByte(random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(18));
            }
        }
        checksum.write(packet);
        return packet;
    }

    private static ByteBuf header(int tag) {
        return SctpPair.ALLOCATOR
                .buffer(64)
                .writeShort(5000)
                .writeShort(5000)
                .writeInt(tag)
                .writeInt(0);
    }
}
