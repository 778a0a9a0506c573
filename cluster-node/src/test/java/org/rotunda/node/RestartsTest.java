package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final long BEGIN_NANOS = -5; // System.nanoTime may be negative.

    private final Restarts restarts = new Restarts();

    private boolean takeAfter(Duration time) {
        return restarts.take(BEGIN_NANOS + time.toNanos());
    }

    @Test
    void refusesMoreThanTheMostInAShortTime() {
        for (int i = 0; i < Restarts.MAX; i++) {
            assertThat(takeAfter(Duration.ofSeconds(i))).isTrue();
        }
        assertThat(takeAfter(Restarts.WITHIN)).isFalse();
    }

    @Test
    void forgetsStartsOfLongAgo() {
        for (int i = 0; i < 10 * Restarts.MAX; i++) {
            assertThat(takeAfter(Restarts.WITHIN.multipliedBy(i))).isTrue();
        }
    }
}
