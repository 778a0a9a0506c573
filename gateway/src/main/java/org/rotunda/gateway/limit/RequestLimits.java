package org.rotunda.gateway.limit;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.rotunda.gateway.limit.LimitSettings.Rates;
import org.rotunda.room.protocol.AccountSid;

/**
 * The request rates of this node. All gateways share the limit of an account equally, so each serves the limit divided by
 * the number of live gateways. The limit of an address is each node's own. Safe to call from any thread.
 */
public final class RequestLimits {
    /** The number of accounts with a bucket of each kind. A bucket takes about 200 bytes. */
    static final int ACCOUNTS_MAX = 20_000;

    /** The number of addresses with a bucket. */
    static final int ADDRESSES_MAX = 20_000;

    private static final double SECONDS_PER_MINUTE = 60;

    private final LimitSettings settings;
    private final IntSupplier gateways;
    private final Clock clock;
    private final LimitStatistics statistics;
    private final BucketTable<AccountSid> reads = new BucketTable<>(ACCOUNTS_MAX);
    private final BucketTable<AccountSid> writes = new BucketTable<>(ACCOUNTS_MAX);
    private final BucketTable<AccountSid> connects = new BucketTable<>(ACCOUNTS_MAX);
    private final BucketTable<String> failures = new BucketTable<>(ADDRESSES_MAX);
    private final Rate failureRate;
    // The requests that are being answered, by account. An account without such a request has no entry.
    private final Map<AccountSid, Integer> inProgress = new ConcurrentHashMap<>();

    /** @param gateways returns the number of live gateways, this one included */
    public RequestLimits(LimitSettings settings, IntSupplier gateways, Clock clock, LimitStatistics statistics) {
        this.settings = settings;
        this.gateways = gateways;
        this.clock = clock;
        this.statistics = statistics;
        int perMinute = settings.failuresPerMinute();
        this.failureRate = perMinute == 0 ? Rate.UNLIMITED : new Rate(perMinute / SECONDS_PER_MINUTE, perMinute);
        statistics.observe(gateways, this::forgotten);
    }

    /**
     * Counts a REST request of an account. Returns zero if the request is to be served, or the time after which the
     * caller may try again.
     *
     * @param isWrite true if the request creates, changes or deletes
     */
    public Duration request(AccountSid account, boolean isWrite) {
        Rates rates = settings.of(account);
        return isWrite
                ? take(RateLimit.WRITES, writes, account, share(rates.writes()))
                : take(RateLimit.READS, reads, account, share(rates.reads()));
    }

    /** Counts a signaling connect of an account. The result is like that of {@link #request}. */
    public Duration connect(AccountSid account) {
        return take(
                RateLimit.CONNECTS,
                connects,
                account,
                share(settings.of(account).connects()));
    }

    /**
     * Counts a request without valid credentials. The result is like that of {@link #request}.
     *
     * @param address the address of the client; empty if it is not known
     */
    public Duration failure(String address) {
        return take(RateLimit.FAILURES, failures, address, failureRate);
    }

    private <K> Duration take(RateLimit limit, BucketTable<K> table, K key, Rate rate) {
        Duration wait = table.take(key, rate, clock.instant());
        if (!wait.isZero()) {
            statistics.onRefused(limit);
        }
        return wait;
    }

    /** Returns this node's part of a limit per second. */
    private Rate share(int perSecond) {
        if (perSecond == 0) {
            return Rate.UNLIMITED;
        }
        double burst = perSecond * (settings.burst().toMillis() / 1000.0);
        return new Rate(perSecond, Math.max(1, burst)).share(Math.max(1, gateways.getAsInt()));
    }

    /**
     * Notes that an answer to a request of the account is being made. Returns the number of such requests, this one
     * included. The caller must call {@link #end} when the answer is made.
     */
    public int begin(AccountSid account) {
        return inProgress.merge(account, 1, Integer::sum);
    }

    public void end(AccountSid account) {
        inProgress.computeIfPresent(account, (same, requests) -> requests == 1 ? null : requests - 1);
    }

    int inProgress(AccountSid account) {
        return inProgress.getOrDefault(account, 0);
    }

    private long forgotten() {
        return reads.forgotten() + writes.forgotten() + connects.forgotten() + failures.forgotten();
    }
}
