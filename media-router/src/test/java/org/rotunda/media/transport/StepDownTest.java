package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.transport.StepDown.Level.AS_DESIRED;
import static org.rotunda.media.transport.StepDown.Level.LOWEST;
import static org.rotunda.media.transport.StepDown.Level.STOPPED;

import org.junit.jupiter.api.Test;

class StepDownTest {
    private static final long MS = 1_000_000L;
    private static final int QUEUE = 150;

    private static final long LATER = 200 * MS; // The time for which an excess must last.

    private final StepDown machine = new StepDown();
    private final Sent sent = new Sent(1_000_000, 500_000, 500_000);

    @Test
    void doesNothingWhileTheQueueIsShortOrTheExcessIsSmall() {
        for (long now = 0; now < 1_000 * MS; now += 50 * MS) {
            assertThat(machine.onEstimate(500_000, 99, 0, sent, now)).isFalse();
            assertThat(machine.onEstimate(1_700_000, QUEUE, 0, sent, now)).isFalse();
        }
        assertThat(sent.levels).containsOnly(AS_DESIRED);
    }

    @Test
    void reducesTheLastRankFirstAndNoMoreThanNeeded() {
        assertThat(lasting(machine, 1_650_000, QUEUE, 32_000, sent)).isTrue();

        assertThat(sent.levels).containsExactly(AS_DESIRED, LOWEST, LOWEST);
    }

    @Test
    void lowersAllTracksBeforeItStopsOne() {
        assertThat(lasting(machine, 700_000, QUEUE, 0, sent)).isTrue();

        assertThat(sent.levels).containsExactly(LOWEST, LOWEST, STOPPED);
    }

    @Test
    void neverStopsTheMostImportantTrack() {
        assertThat(lasting(machine, 30_000, QUEUE, 32_000, sent)).isTrue();

        assertThat(sent.levels).containsExactly(LOWEST, STOPPED, STOPPED);
    }

    @Test
    void waitsUntilTheExcessHasLasted() {
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 0)).isFalse();
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 199 * MS)).isFalse();
        assertThat(machine.onEstimate(700_000, 20, 0, sent, 199 * MS))
                .as("the queue is gone")
                .isFalse();
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 200 * MS)).isFalse();
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, 400 * MS)).isTrue();
    }

    @Test
    void waitsForTheEffectOfARound() {
        assertThat(lasting(machine, 1_650_000, QUEUE, 32_000, sent)).isTrue();

        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, LATER + 599 * MS))
                .isFalse();
        assertThat(machine.onEstimate(700_000, QUEUE, 0, sent, LATER + 600 * MS))
                .isTrue();
        assertThat(sent.levels[0]).isEqualTo(LOWEST);
    }

    @Test
    void tellsThatNothingIsLeftToReduce() {
        assertThat(lasting(machine, 30_000, QUEUE, 0, sent)).isTrue();

        assertThat(machine.onEstimate(30_000, QUEUE, 0, sent, 1_000 * MS)).isFalse();
        assertThat(machine.onEstimate(30_000, QUEUE, 0, sent, 1_500 * MS)).isFalse();
    }

    @Test
    void endsAReductionAfterFiveSecondsWithoutAQueue() {
        assertThat(lasting(machine, 1_650_000, QUEUE, 32_000, sent)).isTrue();
        long now = 1_000 * MS;
        machine.onEstimate(3_000_000, 20, 0, sent, now);
        assertThat(machine.takeEnd(now + 4_999 * MS)).isFalse();
        machine.onEstimate(3_000_000, 60, 0, sent, now + 4_999 * MS);
        machine.onEstimate(3_000_000, 20, 0, sent, now + 5_000 * MS);
        assertThat(machine.takeEnd(now + 9_999 * MS)).isFalse();

        assertThat(machine.takeEnd(now + 10_000 * MS)).isTrue();
        assertThat(machine.takeEnd(now + 20_000 * MS))
                .as("it has ended already")
                .isFalse();
    }

    @Test
    void aReductionThatTheRoomHasEndedNeedsNoEnd() {
        assertThat(lasting(machine, 1_650_000, QUEUE, 32_000, sent)).isTrue();
        machine.onReleased();
        machine.onEstimate(3_000_000, 20, 0, sent, 1_000 * MS);

        assertThat(machine.takeEnd(9_000 * MS)).isFalse();
    }

    @Test
    void countsAudio() {
        Sent quiet = new Sent(1_000_000);

        assertThat(lasting(new StepDown(), 900_000, QUEUE, 0, quiet)).isFalse();
        assertThat(lasting(new StepDown(), 900_000, QUEUE, 100_000, quiet)).isTrue();
    }

    /** Lets the same state last for long enough. */
    private static boolean lasting(StepDown machine, long estimateBps, int queueMillis, long audioBps, Sent sent) {
        boolean atOnce = machine.onEstimate(estimateBps, queueMillis, audioBps, sent, 0);
        assertThat(atOnce).isFalse();
        return machine.onEstimate(estimateBps, queueMillis, audioBps, sent, LATER);
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
