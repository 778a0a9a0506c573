package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Makes single packets by hand. */
final class Vp8Packets {
    static final int PAYLOAD_TYPE = 96;

    private Vp8Packets() {}

    /** Returns a key frame in one packet. */
    static ByteBuf keyFrame(int sequenceNumber, int timestamp, int pictureId) {
        ByteBuf packet = header(sequenceNumber, timestamp, pictureId, 0);
        packet.writeBytes(new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A});
        return packet.writeShortLE(640).writeShortLE(360);
    }

    /** Returns a delta frame in one packet. */
    static ByteBuf delta(int sequenceNumber, int timestamp, int pictureId, int temporalId) {
        return header(sequenceNumber, timestamp, pictureId, temporalId).writeByte(1);
    }

    private static ByteBuf header(int sequenceNumber, int timestamp, int pictureId, int temporalId) {
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0x80).writeByte(0x80 | PAYLOAD_TYPE).writeShort(sequenceNumber);
        packet.writeInt(timestamp).writeInt(1);
        packet.writeByte(0x90).writeByte(0xE0).writeShort(0x8000 | pictureId).writeByte(9);
        return packet.writeByte(temporalId << 6);
    }
}
