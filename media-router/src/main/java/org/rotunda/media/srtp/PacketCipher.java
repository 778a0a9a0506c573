package org.rotunda.media.srtp;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and authenticates the packets of one direction. The input and output are two heap arrays, because
 * the providers are fastest on heap arrays and copy when they work in place. Owned by one event loop.
 */
interface PacketCipher {
    int AUTH_FAILED = -1;

    /** The longest packet handled, in bytes, plain or protected: an Ethernet MTU with room to spare. */
    int PACKET_LENGTH_MAX = 2048;

    int RTCP_INDEX_LENGTH_BYTES = 4;
    int RTCP_ENCRYPTED_FLAG = 0x8000_0000;
    int RTCP_CLEAR_LENGTH_BYTES = 8; // The first header and the sender's SSRC stay readable.

    /** Returns the cipher for the packets that this side sends. A null provider means the JDK's own cryptography. */
    static PacketCipher of(SrtpKeys keys, SrtpRole sender, @Nullable Provider provider) {
        byte[] key = keys.key(sender);
        byte[] salt = keys.salt(sender);
        return switch (keys.profile()) {
            case AEAD_AES_128_GCM -> GcmPacketCipher.ofMaster(key, salt, provider);
            case AES128_CM_HMAC_SHA1_80 -> new CtrHmacPacketCipher(key, salt, provider);
        };
    }

    /**
     * Writes the protected packet into {@code out}, from {@code outOffset}, and returns its length. The plain packet is
     * at the start of {@code in}, which must be another array.
     */
    int protectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out, int outOffset);

    /** Prepares the cipher for protecting a packet again under the index of the last packet. */
    default void prepareRepeat() {}

    /** Writes the plain packet into {@code out} and returns its length, or {@link #AUTH_FAILED}. */
    int unprotectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out);

    /** Protects an RTCP packet as {@link #protectRtp} does. Writes the index with the flag for "encrypted". */
    int protectRtcp(byte[] in, int length, int ssrc, int index, byte[] out);

    /**
     * Decrypts an RTCP packet as {@link #unprotectRtp} does. The caller must have checked the flag for "encrypted" and
     * the length.
     */
    int unprotectRtcp(byte[] in, int length, int ssrc, int index, byte[] out);
}
