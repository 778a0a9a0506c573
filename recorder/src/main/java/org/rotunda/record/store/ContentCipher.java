package org.rotunda.record.store;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts one object as the vendor's decrypter expects it: AES-256-CBC with PKCS #5 padding, under a fresh key that is
 * encrypted with the customer's RSA key (PKCS #1, version 1.5). The mode authenticates nothing, so the store keeps
 * SHA-256 checksums as well. Immutable; each {@link #cipher()} is for one pass over the file.
 */
final class ContentCipher {
    static final int BLOCK_BYTES = 16;

    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final byte[] iv;
    private final EncryptionHeaders headers;

    private ContentCipher(SecretKeySpec key, byte[] iv, EncryptionHeaders headers) {
        this.key = key;
        this.iv = iv;
        this.headers = headers;
    }

    /** Makes a key and an initialization vector for one object. */
    static ContentCipher fresh(CustomerKey customer, SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        byte[] iv = new byte[BLOCK_BYTES];
        random.nextBytes(key);
        random.nextBytes(iv);
        try {
            Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            rsa.init(Cipher.ENCRYPT_MODE, customer.rsa(), random);
            Base64.Encoder base64 = Base64.getEncoder();
            var headers = new EncryptionHeaders(base64.encodeToString(rsa.doFinal(key)), base64.encodeToString(iv));
            return new ContentCipher(new SecretKeySpec(key, "AES"), iv, headers);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM cannot encrypt with RSA", impossible);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Returns the number of bytes that this many bytes have after encryption. */
    static long encryptedLength(long plainBytes) {
        return (plainBytes / BLOCK_BYTES + 1) * BLOCK_BYTES;
    }

    EncryptionHeaders headers() {
        return headers;
    }

    Cipher cipher() {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
            return cipher;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM cannot encrypt with AES", impossible);
        }
    }
}
