package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rotunda.load.client.Metrics;

class BucketCountsTest {
    private static final String TEXT = """
        # TYPE delay_seconds histogram
        delay_seconds_bucket{le="1.0E-4"} 10
        delay_seconds_bucket{le="2.0E-4"} 60
        delay_seconds_bucket{le="4.0E-4"} 100
        delay_seconds_bucket{le="+Inf"} 100
        delay_seconds_count 100
        delay_seconds_sum 0.02
        other_delay_seconds_bucket{le="+Inf"} 7
        """;

    private static BucketCounts read(String text) {
        return BucketCounts.of(Metrics.parse(text), "delay_seconds");
    }

    @Test
    void aPercentileIsInterpolatedInItsBucket() {
        BucketCounts counts = read(TEXT);

        assertThat(counts.total()).isEqualTo(100);
        assertThat(counts.percentile(0.05)).isCloseTo(0.5e-4, within(1e-9));
        assertThat(counts.percentile(0.35)).isCloseTo(1.5e-4, within(1e-9));
        assertThat(counts.percentile(0.6)).isCloseTo(2e-4, within(1e-9));
        assertThat(counts.percentile(0.99)).isCloseTo(3.95e-4, within(1e-9));
    }

    @Test
    void valuesCountedEarlierAreSubtracted() {
        String later = TEXT.replace(" 10\n", " 11\n").replace(" 60\n", " 71\n").replace(" 100\n", " 112\n");

        BucketCounts difference = read(later).since(read(TEXT));

        assertThat(difference.total()).isEqualTo(12);
        assertThat(difference.percentile(1 / 12.0)).isCloseTo(1e-4, within(1e-9));
        assertThat(difference.percentile(0.5)).isCloseTo(1.5e-4, within(1e-9));
    }

    @Test
    void aPercentileAboveTheLastFiniteBoundIsThatBound() {
        assertThat(read("delay_seconds_bucket{le=\"0.5\"} 1\ndelay_seconds_bucket{le=\"+Inf\"} 10\n")
                        .percentile(0.9))
                .isEqualTo(0.5);
    }

    @Test
    void anEmptyHistogramHasNoPercentile() {
        assertThat(read("").percentile(0.5)).isNaN();
        assertThat(read(TEXT).since(read(TEXT)).percentile(0.5)).isNaN();
        assertThat(read(TEXT).since(read("")).total()).isEqualTo(100);
    }
}
