package org.rotunda.gateway.limit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The counters of request rates, for metrics. Any thread may count and read. */
public final class LimitStatistics {
    private final Map<RateLimit, LongAdder> refused = new EnumMap<>(RateLimit.class);
    private volatile IntSupplier gateways = () -> 1;
    private volatile LongSupplier forgotten = () -> 0;

    public LimitStatistics() {
        for (RateLimit limit : RateLimit.values()) {
            refused.put(limit, new LongAdder());
        }
    }

    void observe(IntSupplier liveGateways, LongSupplier forgottenKeys) {
        gateways = liveGateways;
        forgotten = forgottenKeys;
    }

    void onRefused(RateLimit limit) {
        Objects.requireNonNull(refused.get(limit)).increment();
    }

    /** Returns the number of requests refused because of this limit. */
    public long refused(RateLimit limit) {
        return Objects.requireNonNull(refused.get(limit)).sum();
    }

    /** Returns the number of gateways that share the limits of accounts. */
    public int gateways() {
        return gateways.getAsInt();
    }

    /** Returns the number of accounts and addresses whose use was forgotten too early, because there were too many. */
    public long forgotten() {
        return forgotten.getAsLong();
    }
}
