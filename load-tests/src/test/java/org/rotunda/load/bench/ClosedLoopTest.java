package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
    @Test
    void everyOrdinalIsSentOnce() {
        Set<Long> sent = ConcurrentHashMap.newKeySet();

        ClosedLoop.Result result = new ClosedLoop(4).times(1_000, ordinal -> {
            if (!sent.add(ordinal)) {
                throw new IOException("sent twice");
            }
        });

        assertThat(sent).isEqualTo(LongStream.range(0, 1_000).boxed().collect(Collectors.toSet()));
        assertThat(result.requests()).isEqualTo(1_000);
        assertThat(result.failures()).isEmpty();
    }

    /** Each request waits until all callers have one under way. */
    @Test
    void allCallersSendAtTheSameTime() {
        CountDownLatch underWay = new CountDownLatch(3);

        ClosedLoop.Result result = new ClosedLoop(3).times(3, ordinal -> {
            underWay.countDown();
            underWay.await();
        });

        assertThat(result.requests()).isEqualTo(3);
    }

    @Test
    void aLoopEndsWhenItsTimeIsOver() {
        ClosedLoop.Result result = new ClosedLoop(2).during(Duration.ofMillis(50), ordinal -> {});

        assertThat(result.requests()).isPositive();
        assertThat(result.seconds()).isGreaterThanOrEqualTo(0.05);
        assertThat(result.perSecond()).isEqualTo(result.requests() / result.seconds());
        assertThat(result.millis(1)).isGreaterThanOrEqualTo(result.millis(0.5));
    }

    @Test
    void failuresAreCountedByMessageAndAreNoMeasurement() {
        ClosedLoop.Result result = new ClosedLoop(2).times(10, ordinal -> {
            if (ordinal % 5 == 0) {
                throw new IOException("429 Too many requests");
            }
        });

        assertThat(result.requests()).isEqualTo(8);
        assertThat(result.failures()).isEqualTo(Map.of("429 Too many requests", 2L));
        assertThatThrownBy(() -> result.requireAllSucceeded("creates"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("2 of 10 creates failed: {429 Too many requests=2}");
    }

    @Test
    void aDefectOfACallerEndsTheLoop() {
        assertThatThrownBy(() -> new ClosedLoop(2).times(10, ordinal -> {
                    throw new IllegalArgumentException("defect");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("defect");
    }

    @Test
    void withoutRequestsThereAreNoTimes() {
        assertThat(new ClosedLoop(2).times(0, ordinal -> {}).millis(0.99)).isNaN();
    }
}
