package org.rotunda.record.store;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The steps of the decrypter that customers of the vendor run, from the headers and the body of a download. */
final class VendorDecrypter {
    private VendorDecrypter() {}

    static byte[] decrypt(Map<String, String> headers, byte[] body, PrivateKey key) throws GeneralSecurityException {
        byte[] encryptedKey = Base64.getDecoder().decode(headers.get("x-amz-meta-x-amz-key"));
        byte[] iv = Base64.getDecoder().decode(headers.get("x-amz-meta-x-amz-iv"));
        Cipher rsa = Cipher.getInstance("RSA"); // The program asks for plain RSA, which is RSA/ECB/PKCS1Padding.
        rsa.init(Cipher.DECRYPT_MODE, key);
        byte[] contentKey = rsa.doFinal(encryptedKey);
        if (contentKey.length != 32 || iv.length != 16) {
            throw new GeneralSecurityException("the content key or the initialization vector has another length");
        }
        Cipher aes = Cipher.getInstance("AES/CBC/PKCS5Padding");
        aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(contentKey, "AES"), new IvParameterSpec(iv));
        return aes.doFinal(body);
    }
}
