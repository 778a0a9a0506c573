package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;

/**
 * Keeps a client's ChangeCipherSpec from overtaking the handshake message before it. At the ChangeCipherSpec, Bouncy
 * Castle switches to the new keys, and then it ignores all plaintext handshake records. An overtaken CertificateVerify
 * would be lost for good, and the handshake would time out. When this class drops a datagram, the client repeats it.
 *
 * <p>One instance per handshake; owned by one event loop.
 */
final class CipherSpecOrder {
    private static final int WINDOW = Long.SIZE;

    private long highest = -1; // The highest record number of epoch 0 so far.
    private long seen; // Bit i is set if the record with the number highest - i has come.

    /**
     * Returns whether this datagram may go on to the handshake. The datagram must have passed {@link DtlsAdmission}. It
     * is borrowed.
     */
    boolean admits(ByteBuf datagram) {
        int offset = datagram.readerIndex();
        while (offset < datagram.writerIndex()) {
            if (datagram.getUnsignedShort(offset + 3) == 0) {
                long number = (long) datagram.getUnsignedShort(offset + 5) << 32 | datagram.getUnsignedInt(offset + 7);
                if (datagram.getUnsignedByte(offset) == DtlsAdmission.CHANGE_CIPHER_SPEC && !hasCome(number - 1)) {
                    return false;
                }
                note(number);
            }
            offset += DtlsAdmission.RECORD_HEADER_LENGTH + datagram.getUnsignedShort(offset + 11);
        }
        return true;
    }

    private boolean hasCome(long number) {
        long below = highest - number;
        return below >= 0 && below < WINDOW && (seen >>> below & 1) != 0;
    }

    private void note(long number) {
        long above = number - highest;
        if (above > 0) {
            seen = above < WINDOW ? seen << above | 1 : 1;
            highest = number;
        } else if (-above < WINDOW) {
            seen |= 1L << -above;
        }
    }
}
