package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * The checksum of an SCTP packet: CRC32c over the packet, with zero in the checksum field, written low byte first (RFC
 * 9260 App. A).
 */
final class Crc32cChecksum {
    private static final byte[] ZEROS = new byte[4];

    private final CRC32C crc = new CRC32C();

    int of(ByteBuf packet) {
        int start = packet.readerIndex();
        crc.reset();
        update(packet, start, SctpPacket.CHECKSUM_OFFSET);
        crc.update(ZEROS, 0, ZEROS.length);
        update(packet, start + SctpPacket.HEADER_BYTES, packet.readableBytes() - SctpPacket.HEADER_BYTES);
        return (int) crc.getValue();
    }

    boolean matches(ByteBuf packet) {
        return packet.getIntLE(packet.readerIndex() + SctpPacket.CHECKSUM_OFFSET) == of(packet);
    }

    void write(ByteBuf packet) {
        packet.setIntLE(packet.readerIndex() + SctpPacket.CHECKSUM_OFFSET, of(packet));
    }

    private void update(ByteBuf packet, int index, int length) {
        if (packet.hasArray()) {
            crc.update(packet.array(), packet.arrayOffset() + index, length);
        } else {
            crc.update(packet.nioBuffer(index, length));
        }
    }
}
