package org.rotunda.media.srtp;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** AES-CM with HMAC-SHA1-80 for SRTP and SRTCP (RFC 3711 §4.1.1, §4.2.1). The tag is checked before decryption. */
final class CtrHmacPacketCipher implements PacketCipher {
    private static final int TAG_LENGTH_BYTES = 10;
    private static final int SHA1_LENGTH_BYTES = 20;
    private static final int SALT_LENGTH_BYTES = 14;

    private final Cipher cipher = CryptoProviders.aesCtr();
    private final Mac rtpMac;
    private final Mac rtcpMac;
    private final SecretKeySpec rtpKey;
    private final SecretKeySpec rtcpKey;
    private final byte[] rtpSalt;
    private final byte[] rtcpSalt;
    private final byte[] iv = new byte[16];
    private final byte[] word = new byte[4];
    private final byte[] digest = new byte[SHA1_LENGTH_BYTES];

    /** Derives the session keys from master key and salt. If the provider is null, SunJCE computes the HMAC. */
    CtrHmacPacketCipher(byte[] masterKey, byte[] masterSalt, @Nullable Provider provider) {
        rtpKey = key(masterKey, masterSalt, SrtpKeyDerivation.RTP_ENCRYPTION);
        rtcpKey = key(masterKey, masterSalt, SrtpKeyDerivation.RTCP_ENCRYPTION);
        rtpMac = mac(masterKey, masterSalt, SrtpKeyDerivation.RTP_AUTHENTICATION, provider);
        rtcpMac = mac(masterKey, masterSalt, SrtpKeyDerivation.RTCP_AUTHENTICATION, provider);
        rtpSalt = SrtpKeyDerivation.derive(masterKey, masterSalt, SrtpKeyDerivation.RTP_SALT, SALT_LENGTH_BYTES);
        rtcpSalt = SrtpKeyDerivation.derive(masterKey, masterSalt, SrtpKeyDerivation.RTCP_SALT, SALT_LENGTH_BYTES);
    }

    @Override
    public int protectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out, int outOffset) {
        System.arraycopy(in, 0, out, outOffset, headerLength);
        crypt(rtpKey, rtpSalt, ssrc, index, in, headerLength, length, out, outOffset);
        computeRtpTag(out, outOffset, length, index);
        System.arraycopy(digest, 0, out, outOffset + length, TAG_LENGTH_BYTES);
        return length + TAG_LENGTH_BYTES;
    }

    @Override
    public int unprotectRtp(byte[] in, int headerLength, int length, int ssrc, long index, byte[] out) {
        int end = length - TAG_LENGTH_BYTES;
        computeRtpTag(in, 0, end, index);
        if (!tagMatches(in, end)) {
            return AUTH_FAILED;
        }
        System.arraycopy(in, 0, out, 0, headerLength);
        crypt(rtpKey, rtpSalt, ssrc, index, in, headerLength, end, out, 0);
        return end;
    }

    @Override
    public int protectRtcp(byte[] in, int length, int ssrc, int index, byte[] out) {
        System.arraycopy(in, 0, out, 0, RTCP_CLEAR_LENGTH_BYTES);
        crypt(rtcpKey, rtcpSalt, ssrc, index, in, RTCP_CLEAR_LENGTH_BYTES, length, out, 0);
        Bytes.putInt(out, length, index | RTCP_ENCRYPTED_FLAG);
        int end = length + RTCP_INDEX_LENGTH_BYTES;
        computeRtcpTag(out, end);
        System.arraycopy(digest, 0, out, end, TAG_LENGTH_BYTES);
        return end + TAG_LENGTH_BYTES;
    }

    @Override
    public int unprotectRtcp(byte[] in, int length, int ssrc, int index, byte[] out) {
        int end = length - TAG_LENGTH_BYTES;
        computeRtcpTag(in, end);
        if (!tagMatches(in, end)) {
            return AUTH_FAILED;
        }
        int plain = end - RTCP_INDEX_LENGTH_BYTES;
        System.arraycopy(in, 0, out, 0, RTCP_CLEAR_LENGTH_BYTES);
        crypt(rtcpKey, rtcpSalt, ssrc, index, in, RTCP_CLEAR_LENGTH_BYTES, plain, out, 0);
        return plain;
    }

    /**
     * Computes the tag of an RTP packet. The tag also covers the roll-over counter, which is not sent (RFC 3711 §4.2).
     */
    private void computeRtpTag(byte[] packet, int offset, int length, long index) {
        Bytes.putInt(word, 0, (int) (index >>> 16));
        rtpMac.update(packet, offset, length);
        rtpMac.update(word, 0, word.length);
        finish(rtpMac);
    }

    private void computeRtcpTag(byte[] packet, int length) {
        rtcpMac.update(packet, 0, length);
        finish(rtcpMac);
    }

    private void finish(Mac mac) {
        try {
            mac.doFinal(digest, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA1 failed", e);
        }
    }

    private boolean tagMatches(byte[] packet, int offset) {
        // The comparison takes constant time. MessageDigest.isEqual would need copies of the arrays.
        int difference = 0;
        for (int i = 0; i < TAG_LENGTH_BYTES; i++) {
            difference |= packet[offset + i] ^ digest[i];
        }
        return difference == 0;
    }

    /** Encrypts or decrypts with IV = salt · 2^16 XOR SSRC · 2^64 XOR index · 2^16 (RFC 3711 §4.1.1). */
    private void crypt(
            SecretKeySpec key,
            byte[] salt,
            int ssrc,
            long index,
            byte[] in,
            int from,
            int to,
            byte[] out,
            int outOffset) {
        System.arraycopy(salt, 0, iv, 0, SALT_LENGTH_BYTES);
        iv[14] = 0;
        iv[15] = 0;
        Bytes.xorInt(iv, 4, ssrc);
        Bytes.xorShort(iv, 8, (int) (index >>> 32));
        Bytes.xorInt(iv, 10, (int) index);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
            cipher.doFinal(in, from, to - from, out, outOffset + from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR failed on valid input", e);
        }
    }

    private static SecretKeySpec key(byte[] masterKey, byte[] masterSalt, int label) {
        return new SecretKeySpec(
                SrtpKeyDerivation.derive(masterKey, masterSalt, label, SrtpProfile.KEY_LENGTH_BYTES), "AES");
    }

    private static Mac mac(byte[] masterKey, byte[] masterSalt, int label, @Nullable Provider provider) {
        Mac mac = CryptoProviders.hmacSha1(provider);
        try {
            mac.init(new SecretKeySpec(
                    SrtpKeyDerivation.derive(masterKey, masterSalt, label, SHA1_LENGTH_BYTES), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA1 refused a valid key", e);
        }
        return mac;
    }
}
