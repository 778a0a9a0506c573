package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeyFrameRequestsTest {
    private static final long MS = 1_000_000;

    private final List<Long> sent = new ArrayList<>();
    private long nowNanos;
    private final KeyFrameRequests upper =
            new KeyFrameRequests(false, new KeyFrameGroup(), () -> sent.add(nowNanos / MS));
    private final KeyFrameRequests lowest =
            new KeyFrameRequests(true, new KeyFrameGroup(), () -> sent.add(nowNanos / MS));

    @Example
    void aJoinStormIsOneRequest() {
        for (int subscriber = 0; subscriber < 100; subscriber++) {
            upper.onRequest(new KeyFrameBudget(), nowNanos);
        }

        assertThat(sent).containsExactly(0L);
        assertThat(upper.merged()).isEqualTo(99);
    }

    @Example
    void retriesDoubleUntilAKeyFrameComes() {
        for (KeyFrameRequests requests : List.of(lowest, upper)) {
            sent.clear();
            nowNanos = 0;
            requests.onNeeded(0);
            runUntil(requests, 12_000);

            assertThat(sent).containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 11_500L);
            requests.onKeyFrame();
            assertThat(requests.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
            runUntil(requests, 30_000);
            assertThat(sent).hasSize(6);
        }
    }

    @Example
    void retriesOfANewEncodingComeSooner() {
        lowest.onStarted(0);
        lowest.onNeeded(0);
        runUntil(lowest, 12_000);

        assertThat(sent).containsExactly(0L, 200L, 400L, 600L, 800L, 1_000L, 1_500L, 2_500L, 4_500L, 8_500L);
    }

    @Example
    void retryWaitsForTwoRoundTrips() {
        lowest.onRtt(600 * MS);
        lowest.onNeeded(0);
        runUntil(lowest, 1_300);

        assertThat(sent).containsExactly(0L, 1_200L);
    }

    @Example
    void theIntervalOfALayerHoldsAcrossKeyFrames() {
        upper.onNeeded(0);
        upper.onKeyFrame();
        nowNanos = 300 * MS;
        upper.onNeeded(nowNanos);
        upper.onNeeded(nowNanos);
        runUntil(upper, 1_400);

        assertThat(sent).containsExactly(0L, 1_000L);
    }

    /** Simulates a room that moves to another node. All participants arrive within a second and need a picture. */
    @Example
    void subscribersOfANewEncodingHardlyWaitForEachOther() {
        upper.onStarted(0);
        upper.onNeeded(0);
        nowNanos = 60 * MS;
        upper.onKeyFrame();
        nowNanos = 100 * MS;
        upper.onNeeded(nowNanos);
        runUntil(upper, 350);
        assertThat(sent).containsExactly(0L, 320L);
        upper.onKeyFrame();
        nowNanos = 900 * MS;
        upper.onNeeded(nowNanos);
        assertThat(sent).containsExactly(0L, 320L, 900L);
    }

    @Example
    void newEncodingIsAskedAFewTimesOnly() {
        upper.onStarted(0);
        for (; nowNanos < KeyFrameRequests.STARTING_NANOS; nowNanos += 20 * MS) {
            upper.onTimeout(nowNanos);
            upper.onNeeded(nowNanos);
            upper.onKeyFrame(); // Every request is answered, and another request follows at once.
            upper.onNeeded(nowNanos);
        }
        assertThat(sent.size()).isLessThanOrEqualTo(KeyFrameRequests.STARTING_REQUESTS_MAX + 1);
    }

    @Example
    void aSecondEncodingOfATrackWaitsForTheKeyFramesOfTheFirst() {
        KeyFrameGroup group = new KeyFrameGroup();
        KeyFrameRequests low = new KeyFrameRequests(true, group, () -> sent.add(nowNanos / MS));
        KeyFrameRequests high = new KeyFrameRequests(false, group, () -> sent.add(nowNanos / MS));
        low.onNeeded(0);
        high.onNeeded(0);
        runUntil(high, 299);
        assertThat(sent).containsExactly(0L);
        runUntil(high, 310); // The publisher answered only for the lower encoding.
        assertThat(sent).containsExactly(0L, 300L);
    }

    @Example
    void theKeyFramesOfTheFirstEncodingSatisfyTheSecond() {
        KeyFrameGroup group = new KeyFrameGroup();
        KeyFrameRequests low = new KeyFrameRequests(true, group, () -> sent.add(nowNanos / MS));
        KeyFrameRequests high = new KeyFrameRequests(false, group, () -> sent.add(nowNanos / MS));
        low.onNeeded(0);
        high.onNeeded(0);
        low.onKeyFrame();
        high.onKeyFrame();
        runUntil(high, 5_000);
        assertThat(sent).containsExactly(0L);
    }

    @Example
    void aCrowdIsServedOnceASecond() {
        askEvery(150, 2_100);
        assertThat(sent).containsExactly(0L, 1_050L, 2_050L);
    }

    @Example
    void aLargeCrowdIsServedLessOften() {
        askEvery(100, 3_000);
        assertThat(sent).containsExactly(0L, 1_500L, 3_000L);
    }

    /** Lets another subscriber ask after each of these times; the publisher answers each request at once. */
    private void askEvery(long millis, long untilMillis) {
        for (; nowNanos < untilMillis * MS; nowNanos += millis * MS) {
            int before = sent.size();
            lowest.onTimeout(nowNanos);
            lowest.onNeeded(nowNanos);
            if (sent.size() > before) {
                lowest.onKeyFrame();
            }
        }
        runUntil(lowest, untilMillis);
        lowest.onKeyFrame();
    }

    @Example
    void twoSubscribersAreNoCrowd() {
        lowest.onNeeded(0);
        lowest.onKeyFrame();
        nowNanos = 100 * MS;
        lowest.onNeeded(nowNanos);
        lowest.onNeeded(nowNanos);
        runUntil(lowest, 900);
        assertThat(sent).containsExactly(0L, 500L);
    }

    @Example
    void aKeyFrameForAnotherReasonClearsTheWaitingRequest() {
        upper.onNeeded(0);
        upper.onKeyFrame();
        nowNanos = 300 * MS;
        upper.onNeeded(nowNanos);
        upper.onKeyFrame();
        runUntil(upper, 5_000);

        assertThat(sent).containsExactly(0L);
        assertThat(upper.isPending()).isFalse();
    }

    @Example
    void aSubscriberThatAsksAllTheTimeIsCapped() {
        KeyFrameBudget greedy = new KeyFrameBudget();
        for (; nowNanos < 60_000 * MS; nowNanos += 100 * MS) {
            int before = sent.size();
            upper.onRequest(greedy, nowNanos);
            upper.onTimeout(nowNanos);
            if (sent.size() > before) {
                upper.onKeyFrame(); // The publisher answers each request at once.
            }
        }

        assertThat(sent.size()).isBetween(18, KeyFrameBudget.REQUESTS_MAX + 18);
        assertThat(upper.refused()).isGreaterThan(500);
    }

    /** The decoder asks once and then waits, like a viewer whose link was too narrow for the first key frames. */
    @Example
    void aRefusedRequestGoesOutWhenTheBudgetAllows() {
        KeyFrameBudget budget = usedUp(upper);
        nowNanos = 1_200 * MS;
        assertThat(upper.onRequest(budget, nowNanos)).isFalse();
        assertThat(upper.onRequest(budget, nowNanos)).isFalse();
        assertThat(upper.isPending()).isFalse();

        runUntil(upper, 3_500);

        assertThat(sent).containsExactly(0L, 500L, 1_000L, 3_333L);
        upper.onKeyFrame();
        assertThat(upper.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Example
    void aKeyFrameMakesARefusedRequestUnnecessary() {
        KeyFrameBudget budget = usedUp(upper);
        upper.onRequest(budget, nowNanos);

        upper.onKeyFrame();
        runUntil(upper, 20_000);

        assertThat(sent).containsExactly(0L, 500L, 1_000L);
    }

    @Example
    void oneKeyFrameServesAllSubscribersWhoseRequestsWereRefused() {
        KeyFrameBudget first = usedUp(upper);
        KeyFrameBudget second = new KeyFrameBudget();
        for (int i = 0; i < KeyFrameBudget.REQUESTS_MAX; i++) {
            second.tryTake(nowNanos);
        }
        upper.onRequest(second, nowNanos);
        upper.onRequest(first, nowNanos);

        runUntil(upper, 3_500);
        upper.onKeyFrame();
        runUntil(upper, 20_000);

        assertThat(sent).containsExactly(0L, 500L, 1_000L, 3_333L);
    }

    @Example
    void aRefusedRequestWaitsLongerIfTheBudgetWasUsedElsewhere() {
        KeyFrameBudget budget = usedUp(upper);
        upper.onRequest(budget, nowNanos);
        budget.tryTake(3_334 * MS); // The subscriber has asked for a key frame of another encoding.

        runUntil(upper, 7_000);

        assertThat(sent).containsExactly(0L, 500L, 1_000L, 6_666L);
    }

    /** Makes three requests, which use up a new budget. The publisher answers each of them at once. */
    private KeyFrameBudget usedUp(KeyFrameRequests requests) {
        KeyFrameBudget budget = new KeyFrameBudget();
        requests.onStarted(0); // The requests of a new encoding may follow each other soon.
        for (int i = 0; i < KeyFrameBudget.REQUESTS_MAX; i++) {
            nowNanos = 500 * MS * i;
            assertThat(requests.onRequest(budget, nowNanos)).isTrue();
            requests.onKeyFrame();
        }
        return budget;
    }

    @Property(tries = 200)
    void neverFasterThanTheIntervalAndAlwaysServed(@ForAll Random random) {
        List<Long> times = new ArrayList<>();
        long[] clock = {0};
        KeyFrameRequests requests = new KeyFrameRequests(true, new KeyFrameGroup(), () -> times.add(clock[0]));
        for (int i = 0; i < 500; i++) {
            clock[0] += random.nextInt(100) * MS;
            while (requests.nextDeadlineNanos() <= clock[0]) {
                requests.onTimeout(clock[0]);
            }
            if (random.nextInt(4) == 0) {
                requests.onNeeded(clock[0]);
            }
            if (random.nextInt(8) == 0) {
                requests.onKeyFrame();
            }
            assertThat(requests.nextDeadlineNanos() == Long.MAX_VALUE).isEqualTo(!requests.isPending());
        }
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1))
                    .isGreaterThanOrEqualTo(
                            i < KeyFrameRequests.STARTING_REQUESTS_MAX
                                    ? KeyFrameRequests.STARTING_RETRY_NANOS
                                    : KeyFrameRequests.LOWEST_LAYER_INTERVAL_NANOS);
        }
    }

    private void runUntil(KeyFrameRequests requests, long endMs) {
        while (requests.nextDeadlineNanos() <= endMs * MS) {
            nowNanos = requests.nextDeadlineNanos();
            requests.onTimeout(nowNanos);
        }
        nowNanos = endMs * MS;
    }
}
