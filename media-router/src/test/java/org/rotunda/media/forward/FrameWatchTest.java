package org.rotunda.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests after which time an encoding counts as stopped, and what is not mistaken for a stop. */
class FrameWatchTest {
    private static final long MS = 1_000_000L;
    private static final long NOT_MISSED = -1;

    private final FrameWatch watch = new FrameWatch(3);
    private final long[] intervals = new long[3];
    private boolean lossy;
    private long nowNanos = 50_000 * MS;

    @ParameterizedTest
    @CsvSource({"60, 105", "30, 135", "15, 270", "7.5, 540"})
    void anEncodingIsMissedAfterFourFramesOfASibling(double framesPerSecond, long maxMs) {
        frames(300, framesPerSecond, 0, 1, 2);

        long missedAfter = missedAfter(2, framesPerSecond, 100, 0, 1);

        assertThat(missedAfter).isBetween(maxMs / 2, maxMs);
    }

    @Test
    void moreFramesMustBeMissedIfPacketsAreLost() {
        lossy = true;
        frames(300, 30, 0, 1, 2);
        assertThat(missedAfter(2, 30, 100, 0, 1)).isBetween(190L, 205L);
    }

    @Test
    void theOthersAreNotMissedThen() {
        frames(300, 30, 0, 1, 2);
        frames(100, 30, 0, 1);
        assertThat(isMissing(0)).isFalse();
        assertThat(isMissing(1)).isFalse();
        assertThat(isMissing(2)).isTrue();
    }

    @Test
    void aSlowSiblingShowsTheStopLater() {
        frames(300, 30, 0, 1, 2);
        assertThat(missedAfter(2, 5, 100, 0)).isBetween(600L, 800L);
    }

    @Test
    void aSlowEncodingIsGivenMoreTimeThanItsFastSibling() {
        // The encoding has every third frame of its sibling.
        for (int i = 0; i < 300; i++) {
            frames(2, 30, 0);
            frames(1, 30, 0, 2);
        }
        intervals[2] = 100 * MS;
        assertThat(missedAfter(2, 30, 100, 0)).isBetween(240L, 310L);
    }

    @Test
    void silenceOfAllEncodingsIsNoStop() {
        frames(300, 30, 0, 1, 2);
        nowNanos += 10_000 * MS;
        assertThat(isMissing(2)).isFalse();
        frames(1, 30, 0, 1);
        assertThat(isMissing(2)).isFalse();
    }

    @Test
    void framesThatAStalledNetworkDeliversAtOnceAreNoStop() {
        frames(300, 30, 0, 1, 2);
        nowNanos += 400 * MS;
        for (int i = 0; i < 12; i++) { // The siblings' frames overtake those of the encoding.
            watch.onPacket(0, true, intervals[0], nowNanos);
            watch.onPacket(1, true, intervals[1], nowNanos);
            nowNanos += MS;
            assertThat(isMissing(2)).isFalse();
        }
    }

    @Test
    void anEncoderThatLeftOutFramesIsGivenMoreTime() {
        frames(300, 30, 0, 1, 2);
        frames(3, 30, 0, 1); // The gap is just too short.
        assertThat(isMissing(2)).isFalse();
        frames(30, 30, 0, 1, 2);

        assertThat(missedAfter(2, 30, 100, 0, 1)).isBetween(200L, 270L);

        frames(600, 30, 0, 1, 2); // The long gap has been forgotten after twenty seconds.
        assertThat(missedAfter(2, 30, 100, 0, 1)).isBetween(100L, 135L);
    }

    @Test
    void anEncodingThatComesBackSoonIsMissedLaterTheNextTime() {
        frames(300, 30, 0, 1, 2);
        long first = missedAfter(2, 30, 100, 0, 1);
        frames(30, 30, 0, 1, 2);
        long second = missedAfter(2, 30, 100, 0, 1);
        frames(30, 30, 0, 1, 2);
        long third = missedAfter(2, 30, 100, 0, 1);

        assertThat(second).isGreaterThan(3 * first / 2);
        assertThat(third).isGreaterThan(3 * second / 2);
    }

    @Test
    void theTimeBeforeAnEncodingBeganIsNoGap() {
        frames(300, 30, 0, 1);
        frames(30, 30, 0, 1, 2);
        assertThat(missedAfter(2, 30, 100, 0, 1)).isBetween(100L, 135L);
    }

    /** Frames of three encodings arrive out of order and with losses, and the whole network stalls now and then. */
    @Test
    void anUnsteadyNetworkIsNoStop() {
        for (int seed = 0; seed < 30; seed++) {
            survives(new Random(seed), 30, true);
            survives(new Random(seed), 15, true);
            survives(new Random(seed), 30, false);
        }
    }

    private void survives(Random random, int framesPerSecond, boolean lossy) {
        record Arrival(long atNanos, int encoding, int frame) {}
        List<Arrival> arrivals = new ArrayList<>();
        long start = nowNanos;
        long stalledUntil = 0;
        for (int frame = 0; frame < 20 * framesPerSecond; frame++) {
            long at = start + frame * 1_000_000_000L / framesPerSecond;
            if (random.nextInt(2 * framesPerSecond) == 0) {
                stalledUntil = at + 200 * MS;
            }
            for (int encoding = 0; encoding < 3; encoding++) {
                for (int packet = 0; packet <= encoding; packet++) {
                    if (!lossy || random.nextInt(20) > 0) {
                        long arrival = Math.max(at, stalledUntil) + random.nextLong(30 * MS);
                        arrivals.add(new Arrival(arrival, encoding, frame));
                    }
                }
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atNanos));
        int[] newest = {-1, -1, -1};
        long interval = 1_000_000_000L / framesPerSecond;
        for (Arrival arrival : arrivals) {
            if (arrival.frame() < newest[arrival.encoding()]) {
                continue; // Late packets are not passed to the watch.
            }
            boolean isNewFrame = arrival.frame() > newest[arrival.encoding()];
            newest[arrival.encoding()] = arrival.frame();
            watch.onPacket(arrival.encoding(), isNewFrame, interval, arrival.atNanos());
            nowNanos = arrival.atNanos();
            for (int encoding = 0; isNewFrame && encoding < 3; encoding++) {
                assertThat(watch.isMissing(encoding, interval, lossy))
                        .as("encoding %s at frame %s", encoding, arrival.frame())
                        .isFalse();
            }
        }
        nowNanos += 30_000 * MS;
        watch.onSilence();
    }

    private boolean isMissing(int encoding) {
        return watch.isMissing(encoding, intervals[encoding], lossy);
    }

    /** Sends frames on these encodings and lets one frame interval pass after each. */
    private void frames(int count, double framesPerSecond, int... encodings) {
        long interval = (long) (1_000_000_000L / framesPerSecond);
        for (int i = 0; i < count; i++) {
            for (int encoding : encodings) {
                intervals[encoding] = interval;
                watch.onPacket(encoding, true, interval, nowNanos);
                watch.onPacket(encoding, false, interval, nowNanos + MS);
            }
            nowNanos += interval;
        }
    }

    /** Sends frames on the siblings, and returns after how many milliseconds the encoding is missed. */
    private long missedAfter(int encoding, double framesPerSecond, int framesMax, int... siblings) {
        long interval = (long) (1_000_000_000L / framesPerSecond);
        long start = nowNanos - interval; // The time of the encoding's last frame.
        for (int i = 0; i < framesMax; i++) {
            for (int sibling : siblings) {
                watch.onPacket(sibling, true, intervals[sibling], nowNanos);
                if (isMissing(encoding)) {
                    return (nowNanos - start) / MS;
                }
            }
            nowNanos += interval;
        }
        return NOT_MISSED;
    }
}
