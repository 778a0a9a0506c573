package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.Lifelines.Attempt;

class LifelinesTest {
    private static final NodeId MEDIA = new NodeId("10.0.0.2", 7355, 2);
    private static final NodeId GATEWAY = new NodeId("10.0.0.3", 7355, 3);
    private static final int PORT = 7356;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Map<NodeId, Attempt> attempts = new HashMap<>(); // The latest attempt for each node.
    private final List<String> seen = new ArrayList<>();
    private final Lifelines lifelines = new Lifelines(new Lifelines.Sink() {
        @Override
        public void connect(Attempt attempt, int port) {
            attempts.put(attempt.node(), attempt);
            seen.add("connect " + attempt.node().host() + ":" + port);
        }

        @Override
        public void disconnect(Attempt attempt) {
            seen.add("disconnect " + attempt.node().host());
        }

        @Override
        public void ended(NodeId node) {
            seen.add("ended " + node.host());
        }
    });
    private long nowNanos = Long.MAX_VALUE - 5; // The values of System.nanoTime may overflow.

    @Test
    void aProcessHasEndedWhenItsLifelineClosesAndTheNextIsRefused() {
        connected();

        lifelines.onClosed(attempt(), nowNanos);
        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356"); // At once, without a wait.
        lifelines.onRefused(attempt(), nowNanos);

        assertThat(takeSeen()).containsExactly("ended 10.0.0.2");
        assertThat(lifelines.open()).isZero();
    }

    @Test
    void aClosedConnectionAloneProvesNothing() {
        connected();

        lifelines.onClosed(attempt(), nowNanos);
        lifelines.onConnected(attempt(), nowNanos);

        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356");
        assertThat(lifelines.open()).isEqualTo(1);
    }

    @Test
    void aRefusalAloneProvesNothing() {
        watch();
        lifelines.onRefused(attempt(), nowNanos);
        passes(Lifelines.RETRY_NANOS);
        lifelines.onRefused(attempt(), nowNanos);

        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356", "connect 10.0.0.2:7356");
    }

    @Test
    void aReconnectWithoutAnAnswerProvesNothingAndEndsThePresumption() {
        connected();
        lifelines.onClosed(attempt(), nowNanos);
        takeSeen();

        passes(Lifelines.ATTEMPT_NANOS);
        assertThat(takeSeen()).containsExactly("disconnect 10.0.0.2");
        passes(Lifelines.RETRY_NANOS);
        lifelines.onRefused(attempt(), nowNanos);

        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356");
    }

    @Test
    void anErrorThatIsNoRefusalProvesNothing() {
        connected();
        lifelines.onClosed(attempt(), nowNanos);
        lifelines.onFailed(attempt(), nowNanos);

        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356");
    }

    @Test
    void aDyingProcessMayTakeTheNewConnectionAndCloseItAtOnce() {
        connected();
        lifelines.onClosed(attempt(), nowNanos);
        lifelines.onConnected(attempt(), nowNanos);
        lifelines.onClosed(attempt(), nowNanos + MILLI);
        takeSeen();
        lifelines.onRefused(attempt(), nowNanos + MILLI);

        assertThat(takeSeen()).containsExactly("ended 10.0.0.2");
    }

    @Test
    void connectionsThatAreClosedAgainAndAgainAreNotMadeWithoutEnd() {
        connected();
        for (int i = 0; i < 10; i++) {
            lifelines.onClosed(attempt(), nowNanos);
            lifelines.onConnected(attempt(), nowNanos);
        }

        // The first connection of the test is short, too.
        assertThat(takeSeen()).hasSize(Lifelines.SHORT_MAX);

        passes(Lifelines.RETRY_NANOS);
        assertThat(takeSeen()).containsExactly("connect 10.0.0.2:7356");
        lifelines.onRefused(attempt(), nowNanos);
        assertThat(takeSeen()).isEmpty(); // The last connection closed long ago, so the refusal proves nothing.
    }

    @Test
    void aFateOfAnEarlierAttemptIsIgnored() {
        connected();
        Attempt earlier = attempt();
        lifelines.onClosed(earlier, nowNanos);
        takeSeen();

        lifelines.onRefused(earlier, nowNanos);
        lifelines.onClosed(earlier, nowNanos);
        lifelines.onConnected(earlier, nowNanos);

        assertThat(takeSeen()).isEmpty();
        assertThat(lifelines.open()).isZero();
    }

    @Test
    void aNodeThatIsNoLongerWatchedIsNotJudged() {
        connected();
        Attempt last = attempt();

        lifelines.watch(Map.of(GATEWAY, PORT), nowNanos);
        lifelines.onClosed(last, nowNanos);
        lifelines.onRefused(last, nowNanos);

        assertThat(takeSeen()).containsExactly("disconnect 10.0.0.2", "connect 10.0.0.3:7356");
    }

    @Test
    void aNodeWithAnotherPortGetsANewLifeline() {
        connected();

        lifelines.watch(Map.of(MEDIA, PORT + 1), nowNanos);

        assertThat(takeSeen()).containsExactly("disconnect 10.0.0.2", "connect 10.0.0.2:7357");
    }

    @Test
    void theNumberOfLifelinesIsBounded() {
        Map<NodeId, Integer> many = new HashMap<>();
        for (int i = 0; i <= Lifelines.LIFELINES_MAX; i++) {
            many.put(new NodeId("10.0.0.9", i, i), PORT);
        }

        lifelines.watch(many, nowNanos);

        assertThat(takeSeen()).hasSize(Lifelines.LIFELINES_MAX);
    }

    private void watch() {
        lifelines.watch(Map.of(MEDIA, PORT), nowNanos);
    }

    private void connected() {
        watch();
        lifelines.onConnected(attempt(), nowNanos);
        assertThat(lifelines.open()).isEqualTo(1);
        takeSeen();
    }

    private void passes(long nanos) {
        nowNanos += nanos;
        lifelines.onTick(nowNanos);
    }

    private Attempt attempt() {
        return Objects.requireNonNull(attempts.get(MEDIA));
    }

    private List<String> takeSeen() {
        List<String> taken = List.copyOf(seen);
        seen.clear();
        return taken;
    }
}
