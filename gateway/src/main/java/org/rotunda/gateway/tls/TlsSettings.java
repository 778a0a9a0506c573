package org.rotunda.gateway.tls;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of the HTTPS port, under {@code rotunda.http.tls}. {@code reference.conf} explains each key.
 *
 * @param certificate the PEM file of the certificate chain
 * @param key the PEM file of the private key
 * @param port the TCP port; 0 takes a free one
 * @param plainHttp the behaviour of the port without TLS
 * @param reloadInterval the time between two looks at the files
 */
public record TlsSettings(Path certificate, Path key, int port, PlainHttp plainHttp, Duration reloadInterval) {
    private static final int PORT_MAX = 65535;

    /** The behaviour of the port without TLS while there is a port with TLS. */
    public enum PlainHttp {
        /** It serves everything, like the port with TLS. */
        SERVE,
        /** It sends browsers to the port with TLS, and refuses all other requests. */
        REDIRECT,
        /** It is not open. */
        OFF
    }

    public TlsSettings {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("rotunda.http.tls.port must be between 0 and 65535: " + port);
        }
        if (reloadInterval.isNegative() || reloadInterval.isZero()) {
            throw new IllegalArgumentException("rotunda.http.tls.reload-interval must be positive: " + reloadInterval);
        }
    }

    /**
     * Reads the settings from the section {@code rotunda.http.tls}.
     *
     * @return nothing if TLS is off
     */
    public static Optional<TlsSettings> from(Config tls) {
        String certificate = tls.getString("certificate");
        String key = tls.getString("key");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(
                    "rotunda.http.tls.certificate and rotunda.http.tls.key belong together: set both, or none");
        }
        TlsSettings settings = new TlsSettings(
                Path.of(certificate),
                Path.of(key),
                tls.getInt("port"),
                PlainHttp.valueOf(tls.getString("plain-http").toUpperCase(Locale.ROOT)),
                tls.getDuration("reload-interval"));
        return certificate.isEmpty() ? Optional.empty() : Optional.of(settings);
    }
}
