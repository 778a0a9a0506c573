package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopTurnsTest {
    private final LoopTurns turns = new LoopTurns();

    @Test
    void beatsWhileAllLoopsTurn() {
        assertThat(turns.haveAllRisen(new long[] {1, 1})).isTrue();
        assertThat(turns.haveAllRisen(new long[] {2, 5})).isTrue();
    }

    @Test
    void doesNotBeatBeforeEveryLoopHasTurned() {
        assertThat(turns.haveAllRisen(new long[] {1, 0})).isFalse();
        assertThat(turns.haveAllRisen(new long[] {1, 1})).isTrue();
    }

    @Test
    void doesNotBeatWhenOneLoopHangs() {
        turns.haveAllRisen(new long[] {1, 1});

        for (int looks = 0; looks < 8; looks++) {
            assertThat(turns.haveAllRisen(new long[] {2 + looks, 1})).isFalse();
        }
    }

    @Test
    void beatsWhenLoopsTurnAtDifferentTimes() {
        turns.haveAllRisen(new long[] {1, 1});

        assertThat(turns.haveAllRisen(new long[] {2, 1})).isFalse();
        assertThat(turns.haveAllRisen(new long[] {2, 2})).isTrue();
    }
}
