package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.transport.StepDown.Level.AS_DESIRED;
import static org.rotunda.media.transport.StepDown.Level.LOWEST;
import static org.rotunda.media.transport.StepDown.Level.STOPPED;

import org.junit.jupiter.api.Test;

class StepDownTest {
    private static final long MS = 1_000_000L;
    private static final int QUEUE = 150;

    private final StepDown machine = new StepDown();
    private final Sent sent = new Sent(1_000_000, 500_000, 500_000);

    @Test
    void doesNothingWhileTheQueueIsShortOrTheExcessIsSmall() {
        assertThat(machine.onEstimate(500_000, 99, 0, sent, 0)).isFalse();
        assertThat(machine.onEstimate(1_700_000, QUEUE, 0, sent, 0)).isFalse();
        assertThat(sent.levels).containsOnly(AS_DESIRED);
    }

    @Test
    void reducesTheLastRankFirstAndNoMoreThanNeeded() {
        assertThat(machine.onEstimate(1_650_000, QUEUE, 32_000, sent, 0)).isTrue();

        assertThat(sent.levels).containsExactly(AS_DESIRED, LOWEST, LOWEST);
    }

    @Test
    void lowersAllTracksBeforeItStopsOne() {
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 0)).isTrue();

        assertThat(sent.levels).containsExactly(LOWEST, LOWEST, STOPPED);
    }

    @Test
    void neverStopsTheMostImportantTrack() {
        assertThat(machine.onEstimate(30_000, QUEUE, 32_000, sent, 0)).isTrue();

        assertThat(sent.levels).containsExactly(LOWEST, STOPPED, STOPPED);
    }

    @Test
    void waitsForTheEffectOfARound() {
        assertThat(machine.onEstimate(1_650_000, QUEUE, 32_000, sent, 0)).isTrue();

        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 299 * MS)).isFalse();
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 300 * MS)).isTrue();
        assertThat(sent.levels[0]).isEqualTo(LOWEST);
    }

    @Test
    void tellsThatNothingIsLeftToReduce() {
        assertThat(machine.onEstimate(30_000, QUEUE, 0, sent, 0)).isTrue();

        assertThat(machine.onEstimate(30_000, QUEUE, 0, sent, 1_000 * MS)).isFalse();
    }

    @Test
    void countsAudio() {
        assertThat(machine.onEstimate(1_650_000, QUEUE, 0, sent, 0)).isTrue();
        Sent quiet = new Sent(1_000_000);
        assertThat(new StepDown().onEstimate(900_000, QUEUE, 0, quiet, 0)).isFalse();
        assertThat(new StepDown().onEstimate(900_000, QUEUE, 100_000, quiet, 0)).isTrue();
    }

    private static final class Sent implements StepDown.Tracks {
        private final long[] bps;
        private final StepDown.Level[] levels;

        Sent(long... bps) {
            this.bps = bps;
            this.levels = new StepDown.Level[bps.length];
            java.util.Arrays.fill(levels, AS_DESIRED);
        }

        @Override
        public int count() {
            return bps.length;
        }

        @Override
        public StepDown.Level level(int track) {
            return levels[track];
        }

        @Override
        public long sentBps(int track) {
            return bps[track];
        }

        @Override
        public void reduce(int track, StepDown.Level level) {
            levels[track] = level;
        }
    }
}
