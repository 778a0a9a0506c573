package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the pauses before a program is started again. */
class RestartPausesTest {
    private static final Duration SHORT_RUN = Duration.ofMillis(999);
    private static final Duration LONG_RUN = Duration.ofSeconds(1);

    private final RestartPauses pauses =
            new RestartPauses(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(1));

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(Stream.generate(() -> pauses.after(SHORT_RUN).toMillis()).limit(5))
                .containsExactly(100L, 200L, 400L, 500L, 500L);
    }

    @Test
    void aLongRunBeginsAnew() {
        pauses.after(SHORT_RUN);
        pauses.after(SHORT_RUN);

        assertThat(pauses.after(LONG_RUN)).isEqualTo(Duration.ofMillis(100));
        assertThat(pauses.after(SHORT_RUN)).isEqualTo(Duration.ofMillis(200));
    }
}
