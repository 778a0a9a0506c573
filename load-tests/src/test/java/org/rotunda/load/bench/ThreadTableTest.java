package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ProcessUsage;

class ThreadTableTest {
    private static final long MS = 1_000_000;

    @Test
    void threadsOfAPoolAreOneRowAndTheMostExpensiveIsFirst() {
        NodeSample begin = sample(0, Map.of("pool-1", 0L, "pool-2", 10 * MS, "gc", MS), Map.of("pool-1", 5L, "gc", 1L));
        NodeSample end = sample(
                2_000 * MS,
                Map.of("pool-1", 30 * MS, "pool-2", 20 * MS, "gc", 3 * MS, "quiet", 0L),
                Map.of("pool-1", 25L, "pool-2", 4L, "gc", 1L, "quiet", 0L));

        assertThat(ThreadTable.of(begin, end))
                .containsExactly(
                        "threads               CPU, ms/s wake-ups/s",
                        "pool                       20.0       12.0",
                        "gc                          1.0        0.0");
    }

    private static NodeSample sample(long nanos, Map<String, Long> cpu, Map<String, Long> wakeUps) {
        return new NodeSample(nanos, new ProcessUsage(0, cpu, wakeUps, 0), Metrics.parse(""));
    }
}
