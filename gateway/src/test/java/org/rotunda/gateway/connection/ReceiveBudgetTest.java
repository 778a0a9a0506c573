package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReceiveBudgetTest {
    private static final int MIB = 1024 * 1024;
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final ReceiveBudget budget = new ReceiveBudget(new ReceiveRate(10, 20, MIB / 2, 2 * MIB), START);

    @Test
    void takesABurstOfFramesAtOnceAndThenAsManyAsTheRate() {
        for (int i = 0; i < 20; i++) {
            assertThat(budget.take(1, 100, START)).isZero();
        }

        assertThat(budget.take(1, 100, START)).isEqualTo(Duration.ofMillis(100));
        assertThat(budget.take(1, 100, START.plusMillis(100))).isEqualTo(Duration.ofMillis(100));
        assertThat(budget.take(1, 100, START.plusSeconds(1))).isZero();
    }

    @Test
    void takesAFrameThatCountsAsSeveral() {
        assertThat(budget.take(20, 100, START)).isZero();

        assertThat(budget.take(5, 100, START)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void letsAClientWaitForTheCharactersOfALongFrame() {
        assertThat(budget.take(1, 2 * MIB, START)).isZero();

        assertThat(budget.take(1, MIB, START)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void savesNoMoreThanTheBurst() {
        for (int i = 0; i < 20; i++) {
            budget.take(1, MIB / 10, START);
        }
        Instant later = START.plus(Duration.ofDays(1));

        assertThat(budget.take(1, 2 * MIB, later)).isZero();
        assertThat(budget.take(1, MIB / 2, later)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void survivesAClockThatIsSetBack() {
        budget.take(1, 2 * MIB, START);

        assertThat(budget.take(1, MIB / 2, START.minusSeconds(3600))).isEqualTo(Duration.ofSeconds(1));
        assertThat(budget.take(1, 0, START.minusSeconds(3598))).isZero();
    }
}
