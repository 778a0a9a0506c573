package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;

/**
 * Keeps a client's ChangeCipherSpec from overtaking the handshake message before it. When Bouncy Castle gets that
 * record it switches to the new keys and ignores all later plaintext handshake records: an overtaken CertificateVerify
 * would be discarded however often the client repeats it, and the handshake would end in its time-out. If a datagram of
 * a flight is dropped here, the client repeats the flight.
 *
 * <p>Each handshake has its own instance, on the loop.
 */
final class CipherSpecOrder {
    private static final int WINDOW = Long.SIZE;

    private long highest = -1; // This is the highest record number of epoch 0 seen so far.
    private long seen; // Bit i is set if the record i below the highest has been seen.

    /**
     * Returns whether a datagram that {@link DtlsAdmission} admitted may go on to the handshake. The datagram is
     * borrowed.
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
