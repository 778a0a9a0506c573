package org.rotunda.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TokenBucketProperties {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    @Property
    void servesNoMoreThanTheBurstAndTheRateInAnyTime(
            @ForAll @IntRange(min = 1, max = 500) int perSecond,
            @ForAll @IntRange(min = 1, max = 500) int burst,
            @ForAll @IntRange(min = 1, max = 7) int gateways,
            @ForAll @Size(max = 300) List<@IntRange(max = 400) Integer> gapsMs) {
        Rate share = new Rate(perSecond, burst).share(gateways);
        TokenBucket bucket = new TokenBucket(share, START);
        Instant now = START;
        int served = 0;
        for (int gap : gapsMs) {
            now = now.plusMillis(gap);
            if (bucket.take(share, now).isZero()) {
                served++;
            }
            double most = share.burst() + Duration.between(START, now).toMillis() / 1000.0 * perSecond / gateways;
            assertThat((double) served).isLessThanOrEqualTo(most + 1e-6);
        }
    }

    @Property
    void servesARequestThatComesAfterTheTimeThatItWasTold(
            @ForAll @IntRange(min = 1, max = 500) int perSecond,
            @ForAll @IntRange(min = 1, max = 20) int burst,
            @ForAll @IntRange(min = 1, max = 7) int gateways,
            @ForAll @Size(max = 100) List<@IntRange(max = 100) Integer> gapsMs) {
        Rate share = new Rate(perSecond, burst).share(gateways);
        TokenBucket bucket = new TokenBucket(share, START);
        Instant now = START;
        for (int gap : gapsMs) {
            now = now.plusMillis(gap);
            Duration wait = bucket.take(share, now);
            if (!wait.isZero()) {
                now = now.plus(wait);
                assertThat(bucket.take(share, now)).isZero();
            }
        }
    }

    @Property
    void aClockThatIsSetBackGivesNoTokens(
            @ForAll @IntRange(min = 1, max = 50) int burst, @ForAll @IntRange(min = 1, max = 3600) int backSeconds) {
        Rate rate = new Rate(10, burst);
        TokenBucket bucket = new TokenBucket(rate, START);
        for (int i = 0; i < burst; i++) {
            assertThat(bucket.take(rate, START)).isZero();
        }

        assertThat(bucket.take(rate, START.minusSeconds(backSeconds))).isPositive();
    }
}
