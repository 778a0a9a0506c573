package org.rotunda.load.hostile;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** The checksum of SCTP packets (RFC 9260 §6.8). */
final class SctpChecksum {
    /** The length of the common header, in bytes. */
    static final int HEADER_BYTES = 12;

    private static final int OFFSET = 8;

    private SctpChecksum() {}

    /** Writes the right checksum into a packet, which must have a whole common header. */
    static void writeInto(byte[] packet) {
        Arrays.fill(packet, OFFSET, HEADER_BYTES, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(packet);
        int value = (int) checksum.getValue();
        // The least significant byte comes first (RFC 9260 appendix A).
        for (int i = 0; i < Integer.BYTES; i++) {
            packet[OFFSET + i] = (byte) (value >>> (8 * i));
        }
    }
}
