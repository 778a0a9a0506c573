package org.rotunda.media.sdp;

/** The reasons why a description of the client is refused, with the error codes of the SDK. */
public enum NegotiationFault {
    /** {@code MediaServerRemoteDescFailedError}: we cannot use the client's description. */
    UNUSABLE_DESCRIPTION(53403),
    /** {@code MediaNoSupportedCodecError}: the client's description has no codec of ours. */
    NO_SUPPORTED_CODEC(53404);

    private final int code;

    NegotiationFault(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
