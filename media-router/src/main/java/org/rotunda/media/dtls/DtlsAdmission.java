package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the raw bytes whether a datagram may reach the DTLS implementation. Checks all records of the datagram
 * and all handshake fragments of each record. Pure; allocates nothing.
 *
 * <p>Callers must pass only datagrams from addresses that passed an ICE connectivity check with message integrity.
 *
 * <pre>
 * record:   type(1) version(2) epoch(2) sequence(6) length(2)                  RFC 6347 §4.1
 * fragment: type(1) length(3) message_seq(2) offset(3) fragment_length(3)      RFC 6347 §4.2.2
 * </pre>
 */
public final class DtlsAdmission {
    /** The longest datagram that may pass, in bytes: an Ethernet MTU with room to spare. */
    public static final int DATAGRAM_LENGTH_MAX = 2048;

    /**
     * The longest plaintext handshake message, in bytes. Real certificates and ClientHellos are far shorter, even with
     * post-quantum keys.
     */
    public static final int HANDSHAKE_LENGTH_MAX = 8192;

    static final int RECORD_HEADER_LENGTH = 13;
    static final int FRAGMENT_HEADER_LENGTH = 12;

    /**
     * The shortest content of a protected record, in bytes: the explicit nonce and the tag of AES-GCM, our only cipher.
     * A shorter record would make Bouncy Castle end the association.
     */
    static final int PROTECTED_LENGTH_MIN = 24;

    /**
     * The message number that stands for a protected record. It is higher than the number of every message that a
     * client sends before its first protected record.
     */
    static final int PROTECTED_MESSAGE = 1 << 16;

    private static final int MESSAGE_NUMBER_OFFSET = 4;

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;
    static final int CLIENT_HELLO = 1;

    /** The version in the records of a first ClientHello (RFC 6347 §4.2.1); all other records have version 1.2. */
    private static final int DTLS_1_0 = 0xFEFF;

    private static final int DTLS_1_2 = 0xFEFD;

    private DtlsAdmission() {}

    /** Returns the reason why this datagram must be dropped, or null if it may pass. */
    public static @Nullable DtlsDrop refusalOf(ByteBuf datagram, boolean hasKeys) {
        int offset = datagram.readerIndex();
        int end = datagram.writerIndex();
        if (end - offset > DATAGRAM_LENGTH_MAX) {
            return DtlsDrop.OVERSIZE_DATAGRAM;
        }
        if (offset == end) {
            return DtlsDrop.MALFORMED_RECORD;
        }
        while (offset < end) {
            if (end - offset < RECORD_HEADER_LENGTH) {
                return DtlsDrop.MALFORMED_RECORD;
            }
            int body = offset + RECORD_HEADER_LENGTH;
            int next = body + datagram.getUnsignedShort(offset + 11);
            DtlsDrop refusal =
                    next > end ? DtlsDrop.MALFORMED_RECORD : refusalOfRecord(datagram, offset, next, hasKeys);
            if (refusal != null) {
                return refusal;
            }
            offset = next;
        }
        return null;
    }

    /**
     * Returns whether an admitted datagram begins with a ClientHello or a part of one. Only such a datagram may start a
     * handshake.
     */
    static boolean startsWithClientHello(ByteBuf datagram) {
        int offset = datagram.readerIndex();
        return datagram.getUnsignedByte(offset) == HANDSHAKE
                && datagram.getUnsignedShort(offset + 3) == 0
                && datagram.getUnsignedByte(offset + RECORD_HEADER_LENGTH) == CLIENT_HELLO;
    }

    /**
     * Returns the number of the first handshake message in a datagram. Returns {@link #PROTECTED_MESSAGE} if the first
     * record is protected, and -1 if the first record is not a handshake record.
     */
    public static int handshakeMessage(byte[] datagram) {
        if (datagram.length <= RECORD_HEADER_LENGTH) {
            return -1;
        }
        if (datagram[3] != 0 || datagram[4] != 0) {
            return PROTECTED_MESSAGE;
        }
        int number = RECORD_HEADER_LENGTH + MESSAGE_NUMBER_OFFSET;
        return datagram[0] == HANDSHAKE && datagram.length > number + 1
                ? (datagram[number] & 0xFF) << 8 | (datagram[number + 1] & 0xFF)
                : -1;
    }

    private static @Nullable DtlsDrop refusalOfRecord(ByteBuf datagram, int offset, int end, boolean hasKeys) {
        int type = datagram.getUnsignedByte(offset);
        int version = datagram.getUnsignedShort(offset + 1);
        // Records of some other versions would make Bouncy Castle end the association, and anyone can forge such
        // records.
        boolean knownVersion = version == DTLS_1_2 || version == DTLS_1_0;
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || !knownVersion) {
            return DtlsDrop.MALFORMED_RECORD;
        }
        int body = offset + RECORD_HEADER_LENGTH;
        int epoch = datagram.getUnsignedShort(offset + 3);
        if (epoch > 0) {
            return end - body < PROTECTED_LENGTH_MIN ? DtlsDrop.MALFORMED_RECORD : null;
        }
        return switch (type) {
            case ALERT -> hasKeys ? DtlsDrop.ALERT_AFTER_KEYS : null;
            case HANDSHAKE -> refusalOfFragments(datagram, body, end);
            default -> null;
        };
    }

    private static @Nullable DtlsDrop refusalOfFragments(ByteBuf datagram, int from, int end) {
        int offset = from;
        if (offset == end) {
            return DtlsDrop.MALFORMED_HANDSHAKE;
        }
        while (offset < end) {
            if (end - offset < FRAGMENT_HEADER_LENGTH) {
                return DtlsDrop.MALFORMED_HANDSHAKE;
            }
            int messageLength = datagram.getUnsignedMedium(offset + 1);
            int fragmentOffset = datagram.getUnsignedMedium(offset + 6);
            int fragmentLength = datagram.getUnsignedMedium(offset + 9);
            if (messageLength > HANDSHAKE_LENGTH_MAX) {
                return DtlsDrop.OVERSIZE_HANDSHAKE;
            }
            offset += FRAGMENT_HEADER_LENGTH + fragmentLength;
            if (fragmentOffset + fragmentLength > messageLength || offset > end) {
                return DtlsDrop.MALFORMED_HANDSHAKE;
            }
        }
        return null;
    }
}
