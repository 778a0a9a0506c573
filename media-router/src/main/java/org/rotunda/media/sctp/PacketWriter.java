package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bundles chunks into packets (RFC 9260 §6.10) during one drain. Each finished packet goes to the consumer, which owns
 * it.
 */
final class PacketWriter {
    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final ByteBufAllocator allocator;
    private final Crc32cChecksum checksum;
    private Consumer<ByteBuf> packets = ByteBuf::release;
    private @Nullable ByteBuf packet;
    private int tag;

    PacketWriter(
            SctpSettings settings, SctpStatistics statistics, ByteBufAllocator allocator, Crc32cChecksum checksum) {
        this.settings = settings;
        this.statistics = statistics;
        this.allocator = allocator;
        this.checksum = checksum;
    }

    void begin(Consumer<ByteBuf> packets) {
        this.packets = packets;
    }

    /** Sets the verification tag of the next chunks. A packet has one tag, so a new tag begins a new packet. */
    void useTag(int tag) {
        if (tag != this.tag) {
            flush();
            this.tag = tag;
        }
    }

    /**
     * Returns whether a chunk of this length fits in the current packet. Returns false if there is no current packet.
     */
    boolean joins(int chunkBytes) {
        return packet != null && packet.writerIndex() + SctpPacket.padded(chunkBytes) <= settings.packetBytesMax();
    }

    boolean isEmpty() {
        return packet == null;
    }

    /**
     * Writes a chunk header. The caller then writes exactly {@code valueBytes} to the returned buffer and calls {@link
     * #endChunk}.
     */
    ByteBuf beginChunk(int type, int flags, int valueBytes) {
        int length = SctpPacket.CHUNK_HEADER_BYTES + valueBytes;
        ByteBuf target = roomFor(length);
        return target.writeByte(type).writeByte(flags).writeShort(length);
    }

    void endChunk() {
        ByteBuf target = packet;
        if (target != null) {
            target.writeZero(SctpPacket.padded(target.writerIndex()) - target.writerIndex());
        }
    }

    /** Writes a chunk that is already encoded and padded. */
    void writeChunk(byte[] chunk) {
        roomFor(chunk.length).writeBytes(chunk);
    }

    void flush() {
        ByteBuf finished = packet;
        if (finished != null) {
            packet = null;
            checksum.write(finished);
            statistics.packetsSent++;
            packets.accept(finished);
        }
    }

    private ByteBuf roomFor(int chunkBytes) {
        if (!joins(chunkBytes)) {
            flush();
        }
        ByteBuf target = packet;
        if (target == null) {
            target = allocator.buffer(settings.packetBytesMax());
            target.writeShort(settings.port())
                    .writeShort(settings.port())
                    .writeInt(tag)
                    .writeInt(0);
            packet = target;
        }
        return target;
    }
}
