package org.rotunda.media.srtp;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** AEAD_AES_128_GCM for SRTP and SRTCP (RFC 7714 §8, §9). The IV contains the packet index, so it never repeats. */
final class GcmPacketCipher implements PacketCipher {
    private static final int TAG_LENGTH_BYTES = 16;
    private static final int IV_LENGTH_BYTES = 12;

    private final Cipher rtpCipher;
    private final Cipher rtcpCipher;
    private final SecretKeySpec rtpKey;
    private final SecretKeySpec rtcpKey;
    private final byte[] rtpSalt;
    private final byte[] rtcpSalt;
    private final byte[] iv = new byte[IV_LENGTH_BYTES];
    private final byte[] indexWord = new byte[RTCP_INDEX_LENGTH_BYTES];

    /** Takes session keys and salts. A null provider means SunJCE. */
    GcmPacketCipher(byte[] rtpKey, byte[] rtpSalt, byte[] rtcpKey, byte[] rtcpSalt, @Nullable Provider provider) {
        rtpCipher = CryptoProviders.aesGcm(provider);
        rtcpCipher = CryptoProviders.aesGcm(provider);
        this.rtpKey = new SecretKeySpec(rtpKey, "AES");
        this.rtcpKey = new SecretKeySpec(rtcpKey, "AES");
        this.rtpSalt = rtpSalt;
        this.rtcpSalt = rtcpSalt;
    }

    /** Derives the session keys from master key and salt. A null provider means SunJCE. */
    static GcmPacketCipher ofMaster(byte[] key, byte[] salt, @Nullable Provider provider) {
        int keyLength = SrtpProfile.KEY_LENGTH_BYTES;
        return new GcmPacketCipher(
                SrtpKeyDerivation.derive(key, salt, SrtpKeyDerivation.RTP_ENCRYPTION, keyLength),
                SrtpKeyDerivation.derive(key, salt, SrtpKeyDerivation.RTP_SALT, IV_LENGTH_BYTES),
                SrtpKeyDerivation.derive(key, salt, SrtpKeyDerivation.RTCP_ENCRYPTION, keyLength),
                SrtpKeyDerivation.derive(key, salt, SrtpKeyDerivation.RTCP_SALT, IV_LENGTH_BYTES),
                provider);
    }

    @Override
    public int protectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out, int outOffset) {
        setIv(rtpSalt, ssrc, index);
        System.arraycopy(in, 0, out, outOffset, headerLength);
        return headerLength
                + crypt(rtpCipher, Cipher.ENCRYPT_MODE, rtpKey, in, headerLength, length, null, out, outOffset);
    }

    /**
     * Sets an IV that no packet uses. Providers refuse the IV of their last encryption, but accept it again after
     * another IV was set.
     */
    @Override
    public void prepareRepeat() {
        setIv(rtpSalt, 0, 0);
        // The first two bytes of a packet's IV are those of the salt (RFC 7714 §8.1), so no packet uses this IV.
        iv[0] ^= (byte) 0xFF;
        try {
            rtpCipher.init(Cipher.ENCRYPT_MODE, rtpKey, new GCMParameterSpec(8 * TAG_LENGTH_BYTES, iv));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed on valid input", e);
        }
    }

    @Override
    public int unprotectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out) {
        setIv(rtpSalt, ssrc, index);
        int payload = crypt(rtpCipher, Cipher.DECRYPT_MODE, rtpKey, in, headerLength, length, null, out, 0);
        if (payload == AUTH_FAILED) {
            return AUTH_FAILED;
        }
        System.arraycopy(in, 0, out, 0, headerLength);
        return headerLength + payload;
    }

    @Override
    public int protectRtcp(byte[] in, int length, int ssrc, int index, byte[] out) {
        setIv(rtcpSalt, ssrc, index);
        Bytes.putInt(indexWord, 0, index | RTCP_ENCRYPTED_FLAG);
        System.arraycopy(in, 0, out, 0, RTCP_CLEAR_LENGTH_BYTES);
        int end = RTCP_CLEAR_LENGTH_BYTES
                + crypt(
                        rtcpCipher,
                        Cipher.ENCRYPT_MODE,
                        rtcpKey,
                        in,
                        RTCP_CLEAR_LENGTH_BYTES,
                        length,
                        indexWord,
                        out,
                        0);
        Bytes.putInt(out, end, index | RTCP_ENCRYPTED_FLAG);
        return end + RTCP_INDEX_LENGTH_BYTES;
    }

    @Override
    public int unprotectRtcp(byte[] in, int length, int ssrc, int index, byte[] out) {
        setIv(rtcpSalt, ssrc, index);
        Bytes.putInt(indexWord, 0, index | RTCP_ENCRYPTED_FLAG);
        int body = crypt(
                rtcpCipher,
                Cipher.DECRYPT_MODE,
                rtcpKey,
                in,
                RTCP_CLEAR_LENGTH_BYTES,
                length - RTCP_INDEX_LENGTH_BYTES,
                indexWord,
                out,
                0);
        if (body == AUTH_FAILED) {
            return AUTH_FAILED;
        }
        System.arraycopy(in, 0, out, 0, RTCP_CLEAR_LENGTH_BYTES);
        return RTCP_CLEAR_LENGTH_BYTES + body;
    }

    /**
     * Sets the IV: 16 zero bits, the SSRC and the index in 48 bits, all XOR salt (RFC 7714 §8.1). The index of SRTCP
     * has 31 bits (§9.1).
     */
    private void setIv(byte[] salt, int ssrc, long index) {
        System.arraycopy(salt, 0, iv, 0, IV_LENGTH_BYTES);
        Bytes.xorInt(iv, 2, ssrc);
        Bytes.xorShort(iv, 6, (int) (index >>> 32));
        Bytes.xorInt(iv, 8, (int) index);
    }

    /** Encrypts or decrypts a range of {@code in} to the same place behind {@code outOffset} in {@code out}. */
    private int crypt(
            Cipher cipher,
            int mode,
            SecretKeySpec key,
            byte[] in,
            int from,
            int to,
            byte @Nullable [] trailer,
            byte[] out,
            int outOffset) {
        try {
            cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH_BYTES, iv));
            cipher.updateAAD(in, 0, from);
            if (trailer != null) {
                cipher.updateAAD(trailer, 0, trailer.length);
            }
            return cipher.doFinal(in, from, to - from, out, outOffset + from);
        } catch (AEADBadTagException e) {
            return AUTH_FAILED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed on valid input", e);
        }
    }
}
