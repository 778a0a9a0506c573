package org.rotunda.record.store;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Key pairs of customers, and keys of objects. */
final class Keys {
    static final String AC = "AC" + "a1".repeat(16);
    static final String RM = "RM" + "b2".repeat(16);
    static final String RT = "RT" + "c3".repeat(16);
    static final ObjectKey RECORDING = ObjectKey.ofRoom(AC, RM, RT, MediaFormat.MKV);

    private Keys() {}

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    static CustomerKey customerKey(KeyPair pair) {
        return CustomerKey.parse(pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }
}
