package org.rotunda.media.sctp;

/** Chunk types (RFC 9260 §3.2, RFC 3758 §3.2, RFC 6525 §3.1), flags, parameter types and error causes that we know. */
final class ChunkType {
    static final int DATA = 0;
    static final int INIT = 1;
    static final int INIT_ACK = 2;
    static final int SACK = 3;
    static final int HEARTBEAT = 4;
    static final int HEARTBEAT_ACK = 5;
    static final int ABORT = 6;
    static final int SHUTDOWN = 7;
    static final int SHUTDOWN_ACK = 8;
    static final int ERROR = 9;
    static final int COOKIE_ECHO = 10;
    static final int COOKIE_ACK = 11;
    static final int SHUTDOWN_COMPLETE = 14;
    static final int RE_CONFIG = 130;
    static final int FORWARD_TSN = 192;

    static final int FLAG_END = 1; // This flag marks the DATA chunk that ends a message.
    static final int FLAG_BEGIN = 2; // This flag marks the DATA chunk that begins a message.
    static final int FLAG_UNORDERED = 4;
    // This flag of DATA asks for a SACK without delay (RFC 7053).
    static final int FLAG_IMMEDIATE = 8;
    // This flag marks an ABORT or SHUTDOWN COMPLETE that has the tag of the packet it answers.
    static final int FLAG_TAG_REFLECTED = 1;

    static final int PARAMETER_HEARTBEAT_INFO = 1;
    static final int PARAMETER_STATE_COOKIE = 7;
    static final int PARAMETER_UNRECOGNIZED = 8;
    static final int PARAMETER_OUTGOING_RESET = 13; // RFC 6525 §4.1.
    static final int PARAMETER_INCOMING_RESET = 14;
    static final int PARAMETER_TSN_RESET = 15;
    static final int PARAMETER_RESET_RESPONSE = 16;
    static final int PARAMETER_ADD_OUTGOING = 17;
    static final int PARAMETER_ADD_INCOMING = 18;
    static final int PARAMETER_SUPPORTED_EXTENSIONS = 0x8008; // RFC 5061 §4.2.7.
    static final int PARAMETER_FORWARD_TSN = 0xC000; // RFC 3758 §3.1.

    static final int CAUSE_INVALID_STREAM = 1;
    static final int CAUSE_STALE_COOKIE = 3;
    static final int CAUSE_OUT_OF_RESOURCE = 4;
    static final int CAUSE_UNRECOGNIZED_CHUNK = 6;
    static final int CAUSE_NO_USER_DATA = 9;
    static final int CAUSE_USER_INITIATED = 12;
    static final int CAUSE_PROTOCOL_VIOLATION = 13;

    private ChunkType() {}

    static boolean isKnown(int type) {
        return type <= SHUTDOWN_ACK || type == RE_CONFIG || type == FORWARD_TSN;
    }
}
