package org.rotunda.media.sctp;

/** Payload protocol identifiers of WebRTC (RFC 8831 §8). */
final class PayloadProtocol {
    static final int DCEP = 50;
    static final int STRING = 51;
    static final int BINARY_PARTIAL = 52; // This value is deprecated; we treat it like BINARY.
    static final int BINARY = 53;
    static final int STRING_PARTIAL = 54; // This value is deprecated; we treat it like STRING.
    static final int STRING_EMPTY = 56;
    static final int BINARY_EMPTY = 57;

    private PayloadProtocol() {}

    static int of(boolean binary, boolean empty) {
        if (binary) {
            return empty ? BINARY_EMPTY : BINARY;
        }
        return empty ? STRING_EMPTY : STRING;
    }

    static boolean isBinary(int protocol) {
        return protocol == BINARY || protocol == BINARY_EMPTY || protocol == BINARY_PARTIAL;
    }

    static boolean isText(int protocol) {
        return protocol == STRING || protocol == STRING_EMPTY || protocol == STRING_PARTIAL;
    }

    static boolean isEmpty(int protocol) {
        return protocol == STRING_EMPTY || protocol == BINARY_EMPTY;
    }
}
