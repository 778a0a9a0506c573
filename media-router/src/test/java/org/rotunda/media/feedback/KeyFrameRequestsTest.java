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
    private long now;
    private final KeyFrameRequests upper = new KeyFrameRequests(false, () -> sent.add(now / MS));
    private final KeyFrameRequests lowest = new KeyFrameRequests(true, () -> sent.add(now / MS));

    @Example
    void aJoinStormIsOneRequest() {
        for (int subscriber = 0; subscriber < 100; subscriber++) {
            upper.onRequest(new KeyFrameBudget(), now);
        }

        assertThat(sent).containsExactly(0L);
        assertThat(upper.merged()).isEqualTo(99);
    }

    @Example
    void retriesDoubleUntilAKeyFrameComes() {
        lowest.onNeeded(0);
        runUntil(lowest, 12_000);

        assertThat(sent).containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 11_500L);
        lowest.onKeyFrame();
        assertThat(lowest.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        runUntil(lowest, 30_000);
        assertThat(sent).hasSize(6);
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
        now = 300 * MS;
        upper.onNeeded(now);
        upper.onNeeded(now);
        runUntil(upper, 1_500);

        assertThat(sent).containsExactly(0L, 1_000L);
    }

    @Example
    void aKeyFrameOfSomebodyElseClearsTheWaitingRequest() {
        upper.onNeeded(0);
        upper.onKeyFrame();
        now = 300 * MS;
        upper.onNeeded(now);
        upper.onKeyFrame();
        runUntil(upper, 5_000);

        assertThat(sent).containsExactly(0L);
        assertThat(upper.isPending()).isFalse();
    }

    @Example
    void aSubscriberThatAsksAllTheTimeIsCapped() {
        KeyFrameBudget greedy = new KeyFrameBudget();
        for (; now < 10_000 * MS; now += 100 * MS) {
            upper.onRequest(greedy, now);
            int before = sent.size();
            upper.onTimeout(now);
            if (sent.size() > before || now == 0) {
                upper.onKeyFrame(); // The publisher answers each request at once.
            }
        }

        assertThat(sent.size()).isEqualTo(KeyFrameBudget.REQUESTS_MAX);
        assertThat(upper.refused()).isGreaterThan(70);
        upper.onRequest(greedy, now);
        assertThat(upper.isPending()).isTrue();
    }

    @Property(tries = 200)
    void neverFasterThanTheIntervalAndAlwaysServed(@ForAll Random random) {
        List<Long> times = new ArrayList<>();
        long[] clock = {0};
        KeyFrameRequests requests = new KeyFrameRequests(true, () -> times.add(clock[0]));
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
                    .isGreaterThanOrEqualTo(KeyFrameRequests.LOWEST_LAYER_INTERVAL_NANOS);
        }
    }

    private void runUntil(KeyFrameRequests requests, long endMs) {
        while (requests.nextDeadlineNanos() <= endMs * MS) {
            now = requests.nextDeadlineNanos();
            requests.onTimeout(now);
        }
        now = endMs * MS;
    }
}
