package org.rotunda.gateway.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket. Each request takes a token, and tokens come back at a rate. The rate is an argument, because it changes
 * with the number of nodes that share it. Sans-IO; not safe for several threads.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private double tokens;
    private Instant filledAt;

    /** Creates a full bucket. */
    public TokenBucket(Rate rate, Instant now) {
        this.tokens = rate.burst();
        this.filledAt = now;
    }

    /**
     * Takes a token. Returns zero if there was one; otherwise nothing is taken, and the result is the time until there
     * will be one.
     */
    public Duration take(Rate rate, Instant now) {
        fill(rate, now);
        if (tokens >= 1) {
            tokens -= 1;
            return Duration.ZERO;
        }
        // Rounded up, so that a token is there after exactly this time.
        return Duration.ofNanos((long) Math.ceil((1 - tokens) / rate.perSecond() * NANOS_PER_SECOND) + 1);
    }

    /** Returns whether the bucket is full, so that a new bucket could take its place. */
    boolean isFull(Rate rate, Instant now) {
        fill(rate, now);
        return tokens >= rate.burst();
    }

    private void fill(Rate rate, Instant now) {
        Duration since = Duration.between(filledAt, now);
        filledAt = now;
        if (!since.isNegative()) { // If the clock was set back, nothing comes in.
            tokens += since.toNanos() / NANOS_PER_SECOND * rate.perSecond();
        }
        tokens = Math.min(rate.burst(), tokens); // Also when the rate has become lower.
    }
}
