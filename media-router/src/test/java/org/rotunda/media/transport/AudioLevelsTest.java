package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackLevels;

class AudioLevelsTest {
    private static final long MS = 1_000_000L;
    private static final byte SILENT = TrackLevels.SILENT;

    private final AudioLevels levels = new AudioLevels();
    private long nowNanos = 7_000 * MS;

    private void packet(int level, int durationMs) {
        levels.onPacket(level, durationMs * MS, nowNanos);
    }

    private void pass(int ms) {
        nowNanos += ms * MS;
    }

    @Test
    void hasOneLevelForEachPacketOfTwentyMilliseconds() {
        for (int i = 0; i < 5; i++) {
            packet(0x80 | 30 + i, 20);
            pass(20);
        }

        assertThat(levels.take(nowNanos))
                .containsExactly((byte) (0x80 | 30), (byte) (0x80 | 31), (byte) (0x80 | 32), (byte) (0x80 | 33), (byte)
                        (0x80 | 34));
        assertThat(levels.take(nowNanos)).as("everything was taken").isNull();
    }

    @Test
    void aLongPacketFillsSeveralSlotsAndTwoShortOnesFillOne() {
        packet(40, 60);
        pass(60);
        packet(50, 10);
        pass(10);
        packet(50, 10);

        assertThat(levels.take(nowNanos)).containsExactly(40, 40, 40, 50);
    }

    @Test
    void aTrackThatIsSilentAllTheTimeIsLeftOut() {
        for (int i = 0; i < 20; i++) {
            packet(127, 20);
            pass(20);
        }

        assertThat(levels.take(nowNanos)).isNull();
    }

    @Test
    void anUnknownLevelCountsAsSilence() {
        packet(-1, 20);
        pass(20);
        packet(60, 20);

        assertThat(levels.take(nowNanos)).containsExactly(SILENT, (byte) 60);
    }

    @Test
    void missingPacketsCountAsSilenceAfterFortyMilliseconds() {
        packet(40, 20);
        pass(40);
        assertThat(levels.take(nowNanos)).as("the next packets may be late").containsExactly(40);
        pass(100);
        packet(40, 20);

        assertThat(levels.take(nowNanos)).containsExactly(SILENT, SILENT, SILENT, SILENT, (byte) 40);
    }

    @Test
    void aBurstAfterAGapFillsOnlyAFewSlots() {
        packet(40, 20);
        pass(1_000);
        for (int i = 0; i < 50; i++) {
            packet(20, 20);
        }

        byte[] taken = Objects.requireNonNull(levels.take(nowNanos));

        assertThat(taken).hasSizeLessThanOrEqualTo(TrackLevels.LEVELS_MAX);
        int loud = 0;
        for (byte level : taken) {
            loud += level == 20 ? 1 : 0;
        }
        assertThat(loud).isEqualTo(8); // The gap leaves three slots, and five may be ahead.
    }

    @Test
    void onlyTheNewestLevelsAreKept() {
        for (int i = 0; i < 200; i++) {
            packet(i % 100, 20);
            pass(20);
        }

        byte[] taken = Objects.requireNonNull(levels.take(nowNanos));

        assertThat(taken).hasSize(TrackLevels.LEVELS_MAX).endsWith(98, 99).startsWith(50, 51);
    }

    @Test
    void anHourOfSilenceCostsNoLoop() {
        packet(40, 20);
        pass(3_600_000);

        assertThat(levels.take(nowNanos)).as("the loud level was overwritten").isNull();
    }
}
