package org.rotunda.media.dtls;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import javax.crypto.KeyAgreement;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.rotunda.media.srtp.CryptoProviders;

/**
 * Runs Bouncy Castle's TLS on the JDK's cryptography. Key agreements and signatures are the expensive part of a
 * handshake. Amazon's Corretto provider is faster than the JDK's providers, so it computes the key agreements and
 * signatures that it supports.
 */
final class DtlsCrypto extends JcaTlsCrypto {
    private DtlsCrypto(DefaultJcaJceHelper helper, SecureRandom random) {
        super(helper, random, random);
    }

    static JcaTlsCrypto create(SecureRandom random) {
        Provider corretto = CryptoProviders.corretto();
        return new DtlsCrypto(corretto == null ? new DefaultJcaJceHelper() : new CorrettoFirst(corretto), random);
    }

    /** Uses Corretto for the key agreements, key pairs and signatures that it supports. */
    private static final class CorrettoFirst extends DefaultJcaJceHelper {
        private final Provider corretto;

        CorrettoFirst(Provider corretto) {
            this.corretto = corretto;
        }

        @Override
        public KeyAgreement createKeyAgreement(String algorithm) throws NoSuchAlgorithmException {
            return corretto.getService("KeyAgreement", algorithm) == null
                    ? super.createKeyAgreement(algorithm)
                    : KeyAgreement.getInstance(algorithm, corretto);
        }

        @Override
        public KeyPairGenerator createKeyPairGenerator(String algorithm) throws NoSuchAlgorithmException {
            return corretto.getService("KeyPairGenerator", algorithm) == null
                    ? super.createKeyPairGenerator(algorithm)
                    : KeyPairGenerator.getInstance(algorithm, corretto);
        }

        @Override
        public Signature createSignature(String algorithm) throws NoSuchAlgorithmException {
            return corretto.getService("Signature", algorithm) == null
                    ? super.createSignature(algorithm)
                    : Signature.getInstance(algorithm, corretto);
        }
    }
}
