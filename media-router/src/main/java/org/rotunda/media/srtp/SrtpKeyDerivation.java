package org.rotunda.media.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The AES-CM key derivation of RFC 3711 §4.3 with a key derivation rate of zero, so session keys are derived once. A
 * 96-bit GCM salt is padded with two zero bytes on the right (RFC 7714 §11).
 */
final class SrtpKeyDerivation {
    static final int RTP_ENCRYPTION = 0;
    static final int RTP_AUTHENTICATION = 1;
    static final int RTP_SALT = 2;
    static final int RTCP_ENCRYPTION = 3;
    static final int RTCP_AUTHENTICATION = 4;
    static final int RTCP_SALT = 5;

    private static final int LABEL_OFFSET =
            7; // Label || r is XORed into the salt; r has 48 zero bits, so the label is at byte 7 of 14.

    private SrtpKeyDerivation() {}

    static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int lengthBytes) {
        byte[] iv = Arrays.copyOf(masterSalt, 16);
        iv[LABEL_OFFSET] ^= (byte) label;
        try {
            Cipher aes = CryptoProviders.aesCtr();
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(iv));
            return aes.doFinal(new byte[lengthBytes]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR refused a valid key", e);
        }
    }
}
