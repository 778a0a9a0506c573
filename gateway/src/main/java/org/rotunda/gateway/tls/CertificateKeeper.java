package org.rotunda.gateway.tls;

import java.time.Clock;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificate of the HTTPS port up to date. Connections get the certificate in use when they begin;
 * {@link #look} is called from time to time and takes over changed files. {@link #newEngine} is safe to call from any
 * thread, {@link #look} from one thread at a time.
 */
public final class CertificateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);

    private final TlsSettings settings;
    private final Clock clock;
    private final TlsStatistics statistics = new TlsStatistics();
    private final FileChanges changes;
    private volatile ServerCertificate current;

    private CertificateKeeper(TlsSettings settings, Clock clock, PemFiles files, ServerCertificate first) {
        this.settings = settings;
        this.clock = clock;
        this.changes = new FileChanges(files.digest());
        this.current = first;
        statistics.onLoaded(first.notAfter());
        warnIfExpired(first);
    }

    /** Reads the files for the first time. Blocks. */
    public static CertificateKeeper open(TlsSettings settings, Clock clock) throws UnusableCertificateException {
        PemFiles files = PemFiles.read(settings);
        return new CertificateKeeper(settings, clock, files, ServerCertificate.of(files));
    }

    /** Reads the files only to find out whether they can be used. Blocks. */
    public static void check(TlsSettings settings) throws UnusableCertificateException {
        ServerCertificate.of(PemFiles.read(settings));
    }

    /** Returns the server's end of a new connection. */
    public SSLEngine newEngine() {
        return current.newEngine();
    }

    public TlsStatistics statistics() {
        return statistics;
    }

    /** Looks at the files, and takes them over if they have changed and can be used. Blocks. */
    public void look() {
        PemFiles files;
        try {
            files = PemFiles.read(settings);
        } catch (UnusableCertificateException unreadable) {
            if (changes.look(String.valueOf(unreadable.getMessage()))) {
                onUnusable(unreadable);
            }
            return;
        }
        if (changes.look(files.digest())) {
            reload(files);
        }
    }

    private void reload(PemFiles files) {
        try {
            ServerCertificate next = ServerCertificate.of(files);
            current = next;
            statistics.onReloaded(next.notAfter());
            LOG.atInfo()
                    .addKeyValue("subject", next.subject())
                    .addKeyValue("notAfter", next.notAfter())
                    .log("the certificate of the HTTPS port has changed");
            warnIfExpired(next);
        } catch (UnusableCertificateException refused) {
            onUnusable(refused);
        }
    }

    private void onUnusable(UnusableCertificateException reason) {
        statistics.onReloadFailed();
        LOG.warn(
                "the changed certificate or key of the HTTPS port cannot be used, the last one stays in use: {}",
                reason.getMessage());
    }

    private void warnIfExpired(ServerCertificate certificate) {
        Instant notAfter = certificate.notAfter();
        if (notAfter.isBefore(clock.instant())) {
            LOG.warn("the certificate of the HTTPS port has expired at {}; clients refuse it", notAfter);
        }
    }
}
