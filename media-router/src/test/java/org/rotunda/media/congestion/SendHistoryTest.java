package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendHistoryTest {
    private static final long MS = 1_000_000;
    private static final long START = 5_000 * MS;

    private final SendHistory history = new SendHistory(START);

    @Test
    void shouldKeepTimeSizeAndCluster() {
        history.add(7, 1_234, 127, START + 1_234_567);
        long packet = history.unwrap(7);
        assertThat(history.state(packet)).isEqualTo(SendHistory.IN_FLIGHT);
        assertThat(history.sentNanos(packet)).isEqualTo(START + 1_234_000); // Whole microseconds.
        assertThat(history.sizeBytes(packet)).isEqualTo(1_234);
        assertThat(history.cluster(packet)).isEqualTo(127);
        history.setState(packet, SendHistory.MISSING);
        assertThat(history.state(packet)).isEqualTo(SendHistory.MISSING);
        assertThat(history.sizeBytes(packet)).isEqualTo(1_234);
    }

    @Test
    void shouldFollowNumbersThatWrap() {
        history.add(65_535, 100, 0, START);
        history.add(0, 200, 0, START);
        assertThat(history.unwrap(0)).isEqualTo(history.unwrap(65_535) + 1);
        assertThat(history.sizeBytes(history.unwrap(0))).isEqualTo(200);
    }

    @Test
    void shouldNotKnowSkippedNumbers() {
        history.add(1, 100, 0, START);
        history.add(4, 100, 0, START);
        assertThat(history.state(history.unwrap(2))).isEqualTo(SendHistory.NONE);
        assertThat(history.state(history.unwrap(5))).isEqualTo(SendHistory.NONE);
    }

    @Test
    void shouldGrowWhileYoungPacketsAwaitFeedback() {
        for (int i = 0; i < SendHistory.PACKETS_MIN * 3; i++) {
            history.add(i, 100, 0, START + i * MS);
        }
        assertThat(history.capacity()).isEqualTo(SendHistory.PACKETS_MIN * 4);
        assertThat(history.state(history.unwrap(0))).isEqualTo(SendHistory.IN_FLIGHT);
        assertThat(history.sentNanos(history.unwrap(600))).isEqualTo(START + 600 * MS);
    }

    @Test
    void shouldOverwriteOldPacketsInsteadOfGrowing() {
        long step = SendHistory.KEPT_NANOS / SendHistory.PACKETS_MIN + 1;
        for (int i = 0; i < SendHistory.PACKETS_MIN * 3; i++) {
            history.add(i, 100, 0, START + i * step);
        }
        assertThat(history.capacity()).isEqualTo(SendHistory.PACKETS_MIN);
        assertThat(history.state(history.unwrap(SendHistory.PACKETS_MIN))).isEqualTo(SendHistory.NONE);
        assertThat(history.state(history.unwrap(SendHistory.PACKETS_MIN * 3 - 1)))
                .isEqualTo(SendHistory.IN_FLIGHT);
    }

    @Test
    void shouldNeverGrowBeyondItsLimit() {
        for (int i = 0; i < SendHistory.PACKETS_MAX * 2; i++) {
            history.add(i & 0xFFFF, 100, 0, START);
        }
        assertThat(history.capacity()).isEqualTo(SendHistory.PACKETS_MAX);
    }

    @Test
    void shouldForgetEverythingButTheNumbering() {
        history.add(1, 100, 0, START);
        history.clear();
        assertThat(history.state(history.unwrap(1))).isEqualTo(SendHistory.NONE);
        history.add(2, 100, 0, START);
        assertThat(history.state(history.unwrap(2))).isEqualTo(SendHistory.IN_FLIGHT);
    }
}
