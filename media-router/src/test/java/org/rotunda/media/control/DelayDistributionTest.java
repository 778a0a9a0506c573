package org.rotunda.media.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DelayDistributionTest {
    @Property(tries = 2_000)
    void everyDelayIsInTheBucketWhoseEndIsTheNextAboveIt(@ForAll @LongRange(max = 3_000_000_000L) long nanos) {
        int bucket = DelayDistribution.bucketOf(nanos);

        assertThat(DelayDistribution.bucketMaxNanos(bucket)).isGreaterThanOrEqualTo(nanos);
        if (bucket > 0) {
            assertThat(DelayDistribution.bucketMaxNanos(bucket - 1)).isLessThan(nanos);
        }
    }

    @Test
    void everyBucketHoldsItsEnd() {
        for (int bucket = 0; bucket < DelayDistribution.BUCKETS; bucket++) {
            assertThat(DelayDistribution.bucketOf(DelayDistribution.bucketMaxNanos(bucket)))
                    .isEqualTo(bucket);
        }
    }

    @Test
    void bucketsAreNoWiderThanAQuarterOfTheirDelays() {
        for (int bucket = 1; bucket < DelayDistribution.BUCKETS - 1; bucket++) {
            long from = DelayDistribution.bucketMaxNanos(bucket - 1);
            assertThat(DelayDistribution.bucketMaxNanos(bucket)).isBetween(from + 1, from + from / 4);
        }
    }

    @Test
    void otherBucketsAreRefused() {
        assertThatThrownBy(() -> new DelayDistribution(List.of(1L), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
