package org.rotunda.media.stun;

/**
 * Attribute types that ICE uses (RFC 8489 §18.3, RFC 8445 §16.1). A receiver must understand all types below 0x8000.
 */
final class StunAttribute {
    static final int MAPPED_ADDRESS = 0x0001;
    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int REALM = 0x0014;
    static final int NONCE = 0x0015;
    static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    static final int HEADER_LENGTH_BYTES = 4;
    static final int INTEGRITY_LENGTH_BYTES = 20; // The value is an HMAC-SHA1.
    static final int FINGERPRINT_LENGTH_BYTES = 4;
    static final int FINGERPRINT_XOR = 0x5354554E; // The CRC-32 is XORed with this value (RFC 8489 §14.7).

    private StunAttribute() {}

    /**
     * Returns the length of a value padded to four bytes. The length field of an attribute does not count the padding
     * (RFC 8489 §14).
     */
    static int paddedLength(int lengthBytes) {
        return (lengthBytes + 3) & ~3;
    }

    static boolean isUnderstood(int type) {
        return switch (type) {
            case MAPPED_ADDRESS,
                    USERNAME,
                    MESSAGE_INTEGRITY,
                    ERROR_CODE,
                    UNKNOWN_ATTRIBUTES,
                    REALM,
                    NONCE,
                    MESSAGE_INTEGRITY_SHA256,
                    XOR_MAPPED_ADDRESS,
                    PRIORITY,
                    USE_CANDIDATE -> true;
            default -> type >= 0x8000; // A receiver may skip these types.
        };
    }
}
