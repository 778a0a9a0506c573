package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatedNumbersTest {
    private final RepeatedNumbers numbers = new RepeatedNumbers();

    @Test
    void findsTheNumberOfASentPacketOnly() {
        numbers.put(65_535, 0);
        numbers.put(0, 65_535);

        assertThat(numbers.find(65_535)).isZero();
        assertThat(numbers.find(0)).isEqualTo(65_535);
        assertThat(numbers.find(1)).isEqualTo(RepeatedNumbers.UNKNOWN);
    }

    @Test
    void forgetsPacketsBeyondTheWindow() {
        numbers.put(7, 100);
        numbers.put(7 + RepeatedNumbers.PACKETS, 2_000);

        assertThat(numbers.find(7)).isEqualTo(RepeatedNumbers.UNKNOWN);
        assertThat(numbers.find(7 + RepeatedNumbers.PACKETS)).isEqualTo(2_000);
    }
}
