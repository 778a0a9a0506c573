package org.rotunda.media.srtp;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the cryptography provider once per process: Amazon Corretto Crypto Provider if its native library loads, else
 * the JDK's own. Corretto makes a tenth of the garbage of SunJCE and has the fastest ECDSA. The methods may be called
 * from any thread.
 */
public final class CryptoProviders {
    private static final Logger LOG = LoggerFactory.getLogger(CryptoProviders.class);
    private static final String SUN_JCE = "SunJCE";
    private static final @Nullable Provider CORRETTO = probeCorretto();

    private CryptoProviders() {}

    /** Returns the Corretto provider, or null if it does not load. The provider is not installed JVM-wide. */
    public static @Nullable Provider corretto() {
        return CORRETTO;
    }

    static Cipher aesGcm() {
        return aesGcm(CORRETTO);
    }

    /** Returns a cipher of the given provider, or of SunJCE for null. */
    static Cipher aesGcm(@Nullable Provider provider) {
        try {
            return provider == null
                    ? Cipher.getInstance("AES/GCM/NoPadding", SUN_JCE)
                    : Cipher.getInstance("AES/GCM/NoPadding", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-GCM in this JVM", e);
        }
    }

    /** Returns a SunJCE cipher, because Corretto has no AES-CTR. */
    static Cipher aesCtr() {
        try {
            return Cipher.getInstance("AES/CTR/NoPadding", SUN_JCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-CTR in this JVM", e);
        }
    }

    /** Returns a MAC of the given provider, or of SunJCE for null. */
    static Mac hmacSha1(@Nullable Provider provider) {
        try {
            return provider == null ? Mac.getInstance("HmacSHA1", SUN_JCE) : Mac.getInstance("HmacSHA1", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no HMAC-SHA1 in this JVM", e);
        }
    }

    private static @Nullable Provider probeCorretto() {
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            if (provider.getLoadingError() == null && provider.runSelfTests() == SelfTestStatus.PASSED) {
                return provider;
            }
            LOG.info("Corretto crypto provider not usable here, using SunJCE", provider.getLoadingError());
        } catch (RuntimeException | LinkageError e) { // A failed probe must not stop a node.
            LOG.info("Corretto crypto provider not usable here, using SunJCE", e);
        }
        return null;
    }
}
