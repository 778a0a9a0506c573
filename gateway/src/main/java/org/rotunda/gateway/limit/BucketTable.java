package org.rotunda.gateway.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * One token bucket for each key that was seen lately. If there are too many keys, the table forgets the key that was used
 * longest ago. Safe to use from any thread.
 *
 * @param <K> an account or an address
 */
final class BucketTable<K> {
    private final int keysMax;
    private final LongAdder forgotten = new LongAdder();
    private final Map<K, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    BucketTable(int keysMax) {
        this.keysMax = keysMax;
    }

    /** Takes a token of a key. Returns zero, or the time until the key has a token again. */
    Duration take(K key, Rate rate, Instant now) {
        if (rate.isUnlimited()) {
            return Duration.ZERO;
        }
        synchronized (buckets) {
            TokenBucket bucket = buckets.get(key);
            if (bucket == null) {
                if (buckets.size() >= keysMax) {
                    forgetOldest(rate, now);
                }
                bucket = new TokenBucket(rate, now);
                buckets.put(key, bucket);
            }
            return bucket.take(rate, now);
        }
    }

    private void forgetOldest(Rate rate, Instant now) {
        Iterator<TokenBucket> oldest = buckets.values().iterator();
        if (!oldest.next().isFull(rate, now)) {
            forgotten.increment();
        }
        oldest.remove();
    }

    int size() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    /** Returns how often a key was forgotten that had not got all its tokens back, so that it may exceed its rate. */
    long forgotten() {
        return forgotten.sum();
    }
}
