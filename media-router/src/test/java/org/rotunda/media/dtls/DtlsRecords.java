package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Builds DTLS records by hand for the tests. */
final class DtlsRecords {
    private DtlsRecords() {}

    static byte[] record(int type, int epoch, long sequence, byte[] body) {
        return record(type, 0xFEFD, epoch, sequence, body);
    }

    static byte[] record(int type, int version, int epoch, long sequence, byte[] body) {
        ByteBuf record = Unpooled.buffer()
                .writeByte(type)
                .writeShort(version)
                .writeShort(epoch)
                .writeShort((int) (sequence >>> 32))
                .writeInt((int) sequence)
                .writeShort(body.length)
                .writeBytes(body);
        return DtlsLink.bytes(record);
    }

    static byte[] fragment(int messageType, int messageLength, int fragmentOffset, int fragmentLength) {
        ByteBuf fragment = Unpooled.buffer()
                .writeByte(messageType)
                .writeMedium(messageLength)
                .writeShort(0)
                .writeMedium(fragmentOffset)
                .writeMedium(fragmentLength)
                .writeZero(fragmentLength);
        return DtlsLink.bytes(fragment);
    }

    static byte[] alert(int level, int description) {
        return record(DtlsAdmission.ALERT, 0, 77, new byte[] {(byte) level, (byte) description});
    }

    static byte[] join(byte[]... parts) {
        ByteBuf joined = Unpooled.buffer();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return DtlsLink.bytes(joined);
    }
}
