package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ProcessUsage;

class RestReadingTest {
    private static final long SECOND = 1_000_000_000L;

    private static RestReading reading(
            long atSecond, double nodeCpuSeconds, Map<Long, Long> database, Map<String, Double> metrics) {
        return new RestReading(
                new NodeSample(
                        atSecond * SECOND,
                        new ProcessUsage((long) (nodeCpuSeconds * SECOND), Map.of(), Map.of(), 0),
                        new Metrics(metrics)),
                database,
                atSecond * SECOND / 2,
                new Machine.CpuTime(atSecond, 200 * atSecond));
    }

    private static ClosedLoop.Result requests(int count, double seconds) {
        Histogram micros = new Histogram(3);
        for (int i = 1; i <= count; i++) {
            micros.recordValue(i * 1_000L);
        }
        return new ClosedLoop.Result(count, seconds, micros, Map.of());
    }

    @Test
    void figuresOfRequestsAreDifferencesOfReadings() {
        RestReading begin = reading(100, 50, Map.of(1L, SECOND, 2L, 5 * SECOND), Map.of());
        // Process 2 has ended, and process 3 is new.
        RestReading end = reading(110, 58, Map.of(1L, 2 * SECOND, 3L, 3 * SECOND), Map.of());

        Map<RestFigure, Double> figures = end.ofRequests(begin, requests(1_000, 10));

        assertThat(figures.get(RestFigure.PER_SECOND)).isEqualTo(100);
        assertThat(figures.get(RestFigure.P50)).isBetween(499.0, 501.0);
        assertThat(figures.get(RestFigure.P99)).isBetween(989.0, 991.0);
        assertThat(figures.get(RestFigure.MAX)).isBetween(999.0, 1_001.0);
        assertThat(figures.get(RestFigure.NODE_CPU_EACH)).isEqualTo(8_000);
        assertThat(figures.get(RestFigure.NODE_CORES)).isEqualTo(0.8);
        assertThat(figures.get(RestFigure.DATABASE_CORES)).isEqualTo(0.4);
        assertThat(figures.get(RestFigure.BENCH_CORES)).isEqualTo(0.5);
        assertThat(figures.get(RestFigure.STOLEN_RATIO)).isEqualTo(0.005);
    }

    @Test
    void theDatabaseOfAUserHasNoProcessorTime() {
        RestReading begin = reading(1, 0, Map.of(), Map.of());

        assertThat(reading(2, 1, Map.of(), Map.of()).ofRequests(begin, requests(1, 1)))
                .doesNotContainKey(RestFigure.DATABASE_CORES);
    }

    @Test
    void timesOfCallbacksAreThoseOfTheAttemptsBetweenTheReadings() {
        RestReading begin = reading(1, 0, Map.of(), attempts(100, 7, 0));
        RestReading end = reading(3, 1, Map.of(), attempts(100, 107, 2));

        Map<RestFigure, Double> figures = end.ofCallbacks(begin, new CallbackCounter.Count(100, 0, 1, 0, 0.5));

        assertThat(figures.get(RestFigure.PER_SECOND)).isEqualTo(200);
        assertThat(figures.get(RestFigure.P50))
                .as("in the middle of the second bucket")
                .isBetween(17.0, 18.0);
        assertThat(figures.get(RestFigure.NODE_CPU_EACH)).isEqualTo(10_000);
        assertThat(figures).doesNotContainKey(RestFigure.MAX);
        assertThat(end.failedAttempts(begin)).isEqualTo(2);
    }

    private static Map<String, Double> attempts(double below10, double from10To25, double failed) {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("rotunda_callback_attempt_seconds_bucket{le=\"0.01\"}", below10);
        metrics.put("rotunda_callback_attempt_seconds_bucket{le=\"0.025\"}", below10 + from10To25);
        metrics.put("rotunda_callback_attempt_seconds_bucket{le=\"+Inf\"}", below10 + from10To25);
        metrics.put("rotunda_callback_attempts_total{result=\"delivered\"}", below10 + from10To25);
        metrics.put("rotunda_callback_attempts_total{result=\"timeout\"}", failed);
        return metrics;
    }
}
