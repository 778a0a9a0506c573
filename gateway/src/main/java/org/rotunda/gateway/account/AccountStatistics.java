package org.rotunda.gateway.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a node's copy of the accounts. Written by one actor, read by any thread. */
public final class AccountStatistics {
    private final Clock clock;
    private final LongAdder refreshFailures = new LongAdder();
    private volatile Instant refreshedAt;
    private volatile int accounts;
    private volatile int keys;
    private volatile int unreadable;

    public AccountStatistics(Clock clock) {
        this.clock = clock;
        this.refreshedAt = clock.instant();
    }

    void onRefreshed() {
        refreshedAt = clock.instant();
    }

    void onRefreshFailed() {
        refreshFailures.increment();
    }

    /** @param unreadableSecrets the number of secrets that could not be decrypted */
    void onChanged(int accountsNow, int keysNow, int unreadableSecrets) {
        accounts = accountsNow;
        keys = keysNow;
        unreadable = unreadableSecrets;
    }

    /** Returns the number of failed reads of the database. */
    public long refreshFailures() {
        return refreshFailures.sum();
    }

    /** Returns the time since this node last knew that its copy was up to date. */
    public Duration age() {
        return Duration.between(refreshedAt, clock.instant());
    }

    public int accounts() {
        return accounts;
    }

    public int keys() {
        return keys;
    }

    /** Returns the number of secrets in the database that this node could not decrypt. */
    public int unreadable() {
        return unreadable;
    }
}
