package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Builds SCTP packets by hand, with right checksums. */
final class Packets {
    private Packets() {}

    /** Returns a packet of one chunk. */
    static byte[] of(int tag, int type, int flags, byte[] value) {
        ByteBuf packet = Unpooled.buffer(64);
        packet.writeShort(5000).writeShort(5000).writeInt(tag).writeInt(0);
        packet.writeByte(type).writeByte(flags).writeShort(4 + value.length).writeBytes(value);
        return mended(ByteBufUtil.getBytes(packet));
    }

    /** Returns the packet with a checksum that fits its changed content. */
    static byte[] mended(byte[] packet) {
        new Crc32cChecksum().write(Unpooled.wrappedBuffer(packet));
        return packet;
    }
}
