package org.rotunda.media.srtp;

import org.jspecify.annotations.Nullable;

/**
 * The SRTP protection profiles that we support (RFC 5764 §4.1.2, RFC 7714 §14.2), in our order of preference. GCM is
 * first because it takes half as much processor time per packet as AES-CM. AES-CM with SHA-1 is included because every
 * WebRTC endpoint must support it (RFC 8827 §6.5).
 */
public enum SrtpProfile {
    AEAD_AES_128_GCM(0x0007, 12, 0, 16),
    AES128_CM_HMAC_SHA1_80(0x0001, 14, 20, 10);

    /** The length of a master key in both profiles, which use AES-128. */
    public static final int KEY_LENGTH_BYTES = 16;

    private final int code;
    private final int saltLengthBytes;
    private final int authKeyLengthBytes;
    private final int tagLengthBytes;

    SrtpProfile(int code, int saltLengthBytes, int authKeyLengthBytes, int tagLengthBytes) {
        this.code = code;
        this.saltLengthBytes = saltLengthBytes;
        this.authKeyLengthBytes = authKeyLengthBytes;
        this.tagLengthBytes = tagLengthBytes;
    }

    /** Returns the profile with this number in the {@code use_srtp} extension, or null if we do not support it. */
    public static @Nullable SrtpProfile ofCode(int code) {
        for (SrtpProfile profile : values()) {
            if (profile.code == code) {
                return profile;
            }
        }
        return null;
    }

    /** Returns the number of this profile in the {@code use_srtp} extension. */
    public int code() {
        return code;
    }

    public int saltLengthBytes() {
        return saltLengthBytes;
    }

    int authKeyLengthBytes() {
        return authKeyLengthBytes;
    }

    /**
     * Returns the number of bytes that protection adds to an RTP packet. An RTCP packet grows by four more bytes for
     * its index.
     */
    public int tagLengthBytes() {
        return tagLengthBytes;
    }

    /** Returns the number of bytes that the DTLS exporter must give: two keys and two salts (RFC 5764 §4.2). */
    public int keyingMaterialLengthBytes() {
        return 2 * (KEY_LENGTH_BYTES + saltLengthBytes);
    }
}
