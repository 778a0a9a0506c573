package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;

/**
 * Keeps a client's ChangeCipherSpec from overtaking the handshake message before it. Bouncy Castle reads under the new keys from the
 * moment it gets that record and never again what comes late under no keys: a CertificateVerify that was overtaken would be discarded
 * however often it is repeated, and the handshake would end in its time-out. A flight that is dropped here is repeated by the client.
 * One per handshake, on the loop.
 */
final class CipherSpecOrder {
    private static final int WINDOW = Long.SIZE;

    private long highest = -1; // Record number of epoch 0.
    private long seen; // Bit i: the record i below the highest has come.

    /** Whether a datagram that {@link DtlsAdmission} let pass may go on to the handshake. Borrowed. */
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
