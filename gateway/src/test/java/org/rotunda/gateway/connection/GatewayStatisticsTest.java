package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.Malformed;

class GatewayStatisticsTest {
    @Test
    void shouldSortJoinsIntoBucketsByLatency() {
        GatewayStatistics statistics = new GatewayStatistics();
        for (long latencyMs : List.of(0L, 5L, 6L, 10_000L, 10_001L)) {
            statistics.onJoined(latencyMs);
        }

        GatewayStatistics.Snapshot snapshot = statistics.snapshot();
        assertThat(snapshot.joins()).isEqualTo(5);
        assertThat(snapshot.joinLatencySumMs()).isEqualTo(20_012);
        assertThat(snapshot.joinLatencyCounts()).containsExactly(2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
    }

    @Test
    void shouldCountEveryReasonOfMalformedFrames() {
        GatewayStatistics statistics = new GatewayStatistics();
        for (Malformed reason : Malformed.values()) {
            statistics.onMalformed(reason);
        }

        assertThat(statistics.snapshot().malformed())
                .hasSize(Malformed.values().length)
                .allSatisfy((reason, count) -> assertThat(count).isEqualTo(1));
    }
}
