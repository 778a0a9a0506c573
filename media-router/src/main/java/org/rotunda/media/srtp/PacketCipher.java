package org.rotunda.media.srtp;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and authenticates one direction. Works from one heap array into another, both owned by the session: heap
 * arrays are what both providers are fastest at, and in-place work would make them copy. Owned by one event loop.
 */
interface PacketCipher {
    int AUTH_FAILED = -1;

    /** Longest packet handled, in bytes, protected or not: an Ethernet MTU with room to spare. */
    int PACKET_LENGTH_MAX = 2048;

    int RTCP_INDEX_LENGTH_BYTES = 4;
    int RTCP_ENCRYPTED_FLAG = 0x8000_0000;
    int RTCP_CLEAR_LENGTH_BYTES = 8; // First header and sender SSRC stay readable.

    /** The JDK's own cryptography for a null provider. */
    static PacketCipher of(SrtpKeys keys, SrtpRole sender, @Nullable Provider provider) {
        byte[] key = keys.key(sender);
        byte[] salt = keys.salt(sender);
        return switch (keys.profile()) {
            case AEAD_AES_128_GCM -> GcmPacketCipher.ofMaster(key, salt, provider);
            case AES128_CM_HMAC_SHA1_80 -> new CtrHmacPacketCipher(key, salt, provider);
        };
    }

    /** Writes the protected packet into {@code out} and answers its length. */
    int protectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out);

    /** The next packet may be the same as the last one protected, under the same index. */
    default void prepareRepeat() {}

    /** Writes the plain packet into {@code out} and answers its length, or {@link #AUTH_FAILED}. */
    int unprotectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out);

    /** As for RTP; the index is written with the flag that says "encrypted". */
    int protectRtcp(byte[] in, int length, int ssrc, int index, byte[] out);

    /** As for RTP; the caller has checked that the flag is set and that the packet is long enough. */
    int unprotectRtcp(byte[] in, int length, int ssrc, int index, byte[] out);
}
