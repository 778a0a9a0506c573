package org.rotunda.record.store;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** The RSA public key of a customer, which encrypts the content keys of the customer's media. Immutable. */
public final class CustomerKey {
    /** Shorter keys can be broken. */
    static final int BITS_MIN = 2048;

    /** The longest key whose encrypted content key, in Base64, fits into the metadata of an S3 object (2 KB). */
    static final int BITS_MAX = 8192;

    /** A key of {@link #BITS_MAX} bits has some 1,500 characters. */
    static final int TEXT_MAX = 4_096;

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN ([A-Z0-9 ]+)-----(.*)-----END \\1-----\\s*", Pattern.DOTALL);
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private final RSAPublicKey key;

    private CustomerKey(RSAPublicKey key) {
        this.key = key;
    }

    /**
     * Reads the key in PEM form, with the label PUBLIC KEY.
     *
     * @throws IllegalArgumentException if the text is no usable key; the message is meant for the customer
     */
    public static CustomerKey parse(String pem) {
        if (pem.length() > TEXT_MAX) {
            throw new IllegalArgumentException("the public key is longer than " + TEXT_MAX + " characters");
        }
        var form = PEM.matcher(pem);
        if (!form.matches()) {
            throw new IllegalArgumentException("the public key is not in PEM form");
        }
        if (!form.group(1).equals(PUBLIC_KEY)) {
            throw new IllegalArgumentException("the PEM text is a " + form.group(1) + ", not a " + PUBLIC_KEY);
        }
        RSAPublicKey key = decode(form.group(2));
        int bits = key.getModulus().bitLength();
        if (bits < BITS_MIN || bits > BITS_MAX) {
            throw new IllegalArgumentException(
                    "the public key has " + bits + " bits, it must have " + BITS_MIN + " to " + BITS_MAX);
        }
        return new CustomerKey(key);
    }

    private static RSAPublicKey decode(String base64) {
        try {
            byte[] der = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("the public key is not an RSA key", unreadable);
        }
    }

    RSAPublicKey rsa() {
        return key;
    }
}
