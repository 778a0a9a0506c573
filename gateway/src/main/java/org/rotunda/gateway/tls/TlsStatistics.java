package org.rotunda.gateway.tls;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the HTTPS port's certificate. Written by one thread at a time, read by any thread. */
public final class TlsStatistics {
    private final LongAdder reloads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Instant notAfter = Instant.EPOCH;

    void onLoaded(Instant validUntil) {
        notAfter = validUntil;
    }

    void onReloaded(Instant validUntil) {
        notAfter = validUntil;
        reloads.increment();
    }

    void onReloadFailed() {
        failures.increment();
    }

    /** Returns how often changed files have become the certificate in use. */
    public long reloads() {
        return reloads.sum();
    }

    /** Returns how often changed files could not be used. */
    public long failures() {
        return failures.sum();
    }

    /** Returns the time until which the certificate in use is valid. */
    public Instant notAfter() {
        return notAfter;
    }
}
