package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.connection.GatewayStatistics.HttpOutcome;
import org.rotunda.gateway.connection.GatewayStatistics.JoinOutcome;
import org.rotunda.gateway.connection.GatewayStatistics.JoinResult;
import org.rotunda.gateway.signal.Malformed;

class GatewayStatisticsTest {
    @Test
    void sortsJoinsIntoBucketsByLatency() {
        GatewayStatistics statistics = new GatewayStatistics();
        for (long latencyMs : List.of(0L, 5L, 6L, 10_000L, 10_001L)) {
            statistics.onJoined(Duration.ofMillis(latencyMs));
        }

        GatewayStatistics.Snapshot snapshot = statistics.snapshot();
        assertThat(snapshot.joins(JoinResult.OK)).isEqualTo(5);
        assertThat(snapshot.joinLatency().sumNanos())
                .isEqualTo(Duration.ofMillis(20_012).toNanos());
        assertThat(snapshot.joinLatency().counts()).containsExactly(2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
    }

    @Test
    void countsJoinsByResultAndCode() {
        GatewayStatistics statistics = new GatewayStatistics();
        statistics.onJoined(Duration.ofMillis(1));
        statistics.onJoinRefused(20101);
        statistics.onJoinRefused(20101);
        statistics.onJoinRefused(53006);
        statistics.onJoinAbandoned();

        assertThat(statistics.snapshot().joins())
                .containsEntry(new JoinOutcome(JoinResult.OK, ""), 1L)
                .containsEntry(new JoinOutcome(JoinResult.REFUSED, "20101"), 2L)
                .containsEntry(new JoinOutcome(JoinResult.FAILED, "53006"), 1L)
                .containsEntry(new JoinOutcome(JoinResult.ABANDONED, ""), 1L);
    }

    @Test
    void countsRequestsByRouteMethodAndStatus() {
        GatewayStatistics statistics = new GatewayStatistics();
        statistics.onHttpRequest("/v1/Rooms", "GET", 200, Duration.ofMillis(3));
        statistics.onHttpRequest("/v1/Rooms", "GET", 200, Duration.ofMillis(7));
        statistics.onHttpRequest("/v1/Rooms", "POST", 201, Duration.ofMillis(7));

        assertThat(statistics.snapshot().requests())
                .hasSize(2)
                .hasEntrySatisfying(new HttpOutcome("/v1/Rooms", "GET", 200), latency -> {
                    assertThat(latency.count()).isEqualTo(2);
                    assertThat(latency.sumNanos())
                            .isEqualTo(Duration.ofMillis(10).toNanos());
                });
    }

    @Test
    void countsEveryReasonOfMalformedFrames() {
        GatewayStatistics statistics = new GatewayStatistics();
        for (Malformed reason : Malformed.values()) {
            statistics.onMalformed(reason);
        }

        assertThat(statistics.snapshot().malformed())
                .hasSize(Malformed.values().length)
                .allSatisfy((reason, count) -> assertThat(count).isEqualTo(1));
    }
}
