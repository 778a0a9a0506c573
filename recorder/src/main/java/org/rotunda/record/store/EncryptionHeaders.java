package org.rotunda.record.store;

import java.util.Map;

/**
 * The two metadata headers of an encrypted object, as the vendor's decrypter reads them. Immutable.
 *
 * @param key the Base64 of the content key, which is encrypted with the customer's RSA key (PKCS #1, version 1.5)
 * @param iv the Base64 of the 16 bytes of the initialization vector
 */
public record EncryptionHeaders(String key, String iv) {
    static final String KEY_NAME = "x-amz-key";
    static final String IV_NAME = "x-amz-iv";
    private static final String PREFIX = "x-amz-meta-";

    /** Returns the headers of a download, with their full names. */
    public Map<String, String> headers() {
        return Map.of(PREFIX + KEY_NAME, key, PREFIX + IV_NAME, iv);
    }
}
