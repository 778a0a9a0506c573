package org.rotunda.media.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void onGridIsTheFirstMultipleThatIsNotBefore() {
        assertThat(Deadline.onGrid(0, 10)).isZero();
        assertThat(Deadline.onGrid(1, 10)).isEqualTo(10);
        assertThat(Deadline.onGrid(10, 10)).isEqualTo(10);
        assertThat(Deadline.onGrid(-1, 10)).isZero();
        assertThat(Deadline.onGrid(-11, 10)).isEqualTo(-10);
    }

    @Test
    void onGridKeepsWhatHasNoMultipleBehindIt() {
        assertThat(Deadline.onGrid(Deadline.NO_DEADLINE, 10)).isEqualTo(Deadline.NO_DEADLINE);
        assertThat(Deadline.onGrid(Deadline.NO_DEADLINE - 3, 10)).isEqualTo(Deadline.NO_DEADLINE - 3);
    }
}
