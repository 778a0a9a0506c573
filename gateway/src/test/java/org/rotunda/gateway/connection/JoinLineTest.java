package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.connection.JoinLine.Answer;
import org.rotunda.room.protocol.AccountSid;

class JoinLineTest {
    private static final AccountSid ONE = new AccountSid("AC" + "1".repeat(32));
    private static final AccountSid TWO = new AccountSid("AC" + "2".repeat(32));

    private static final Duration TARGET = Duration.ofSeconds(1);

    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // The clock may overflow.
    private final JoinLine<String> line = new JoinLine<>(50, TARGET, now);
    private int names;

    @Test
    void theFirstClientsAreServedAtOnceAndTheOthersInOrder() {
        List<String> in = join(JoinLine.UNDER_WAY_START);

        assertThat(line.ask("a", ONE, now)).isEqualTo(Answer.WAITS);
        assertThat(line.ask("b", ONE, now)).isEqualTo(Answer.WAITS);
        assertThat(line.ask("a", ONE, now)).as("asked again").isEqualTo(Answer.WAITS);
        assertThat(line.waiting()).isEqualTo(2);
        assertThat(letIn()).isEmpty();

        line.ended(in.get(0), true, now);
        assertThat(letIn()).containsExactly("a");
        assertThat(line.ask("a", ONE, now)).isEqualTo(Answer.IN);
        line.ended(in.get(1), false, now);
        assertThat(letIn()).containsExactly("b");
    }

    @Test
    void nobodyOvertakesThoseThatWait() {
        List<String> in = join(JoinLine.UNDER_WAY_START);
        line.ask("a", ONE, now);
        line.ended(in.get(0), true, now);

        assertThat(line.ask("b", ONE, now)).as("before the owner lets a in").isEqualTo(Answer.WAITS);
        assertThat(letIn()).containsExactly("a");
    }

    @Test
    void accountsTakeTurns() {
        List<String> in = join(JoinLine.UNDER_WAY_START);
        for (String who : List.of("a1", "a2", "a3", "a4")) {
            line.ask(who, ONE, now);
        }
        line.ask("b1", TWO, now);
        line.ask("b2", TWO, now);

        in.forEach(each -> line.ended(each, true, now));

        assertThat(letIn()).containsExactly("a1", "b1", "a2", "b2", "a3", "a4");
    }

    @Test
    void whoLeavesTheLineIsForgotten() {
        List<String> in = join(JoinLine.UNDER_WAY_START);
        line.ask("a", ONE, now);
        line.ask("b", ONE, now);
        line.ended("a", false, now);
        line.ended("unknown", false, now);

        line.ended(in.get(0), true, now);

        assertThat(letIn()).containsExactly("b");
        assertThat(line.waiting()).isZero();
    }

    @Test
    void whoIsDismissedWaitsNoLonger() {
        List<String> in = join(JoinLine.UNDER_WAY_START);
        line.ask("a", ONE, now);
        line.ask("b", TWO, now);

        assertThat(line.dismiss()).containsExactlyInAnyOrder("a", "b");

        line.ended(in.get(0), true, now);
        assertThat(letIn()).isEmpty();
        assertThat(line.ask("c", ONE, now)).isEqualTo(Answer.IN);
    }

    @Test
    void aFullLineSendsClientsAway() {
        join(JoinLine.UNDER_WAY_START);
        for (int i = 0; i < 50; i++) {
            assertThat(line.ask("w" + i, ONE, now)).isEqualTo(Answer.WAITS);
        }

        assertThat(line.ask("one more", TWO, now)).isEqualTo(Answer.FULL);
        assertThat(line.ask("w7", ONE, now)).isEqualTo(Answer.WAITS);
    }

    @Test
    void aClientThatNeverConnectsHoldsNobodyUp() {
        for (int i = 0; i < JoinLine.UNDER_WAY_START; i++) {
            line.ask("idle" + i, ONE, now);
        }
        line.ask("a", TWO, now);
        pass(JoinLine.UNUSED_MAX);
        assertThat(letIn()).isEmpty();
        pass(Duration.ofMillis(1));

        assertThat(letIn()).containsExactly("a");
    }

    @Test
    void joinsIntoARoomThatDoesNotAnswerHoldNobodyUpForLong() {
        join(JoinLine.UNDER_WAY_START);
        line.ask("a", TWO, now);
        pass(TARGET.multipliedBy(JoinLine.COUNTED_TARGETS).plusMillis(1));

        assertThat(letIn()).containsExactly("a");
    }

    @Test
    void fewerAreUnderWayWhenJoinsAreSlow() {
        for (int second = 0; second < 20; second++) {
            List<String> in = join(line.underWayMax());
            pass(TARGET.plusMillis(1));
            in.forEach(each -> line.ended(each, true, now));
        }

        assertThat(line.underWayMax()).isEqualTo(JoinLine.UNDER_WAY_MIN);
    }

    @Test
    void moreAreUnderWayWhenJoinsAreQuickAndClientsWait() {
        List<Integer> limits = new ArrayList<>();
        for (int second = 0; second < 5; second++) {
            limits.add(line.underWayMax());
            List<String> in = join(line.underWayMax());
            line.ask("w" + second, ONE, now);
            pass(Duration.ofMillis(900));
            in.forEach(each -> line.ended(each, true, now));
            line.ended("w" + second, false, now);
            pass(Duration.ofMillis(100));
            letIn();
        }

        assertThat(limits).containsExactly(16, 20, 24, 28, 32);
    }

    @Test
    void nothingChangesWhileNobodyWaits() {
        for (int second = 0; second < 5; second++) {
            List<String> in = join(line.underWayMax() / 2);
            pass(Duration.ofSeconds(1));
            in.forEach(each -> line.ended(each, true, now));
        }

        assertThat(line.underWayMax()).isEqualTo(JoinLine.UNDER_WAY_START);
    }

    @Test
    void oneSlowRoomAmongOthersCostsNoPlaces() {
        for (int second = 0; second < 5; second++) {
            List<String> slow = join(10);
            List<String> quick = join(5);
            pass(Duration.ofMillis(500));
            quick.forEach(each -> line.ended(each, true, now));
            pass(Duration.ofMillis(501));
            slow.forEach(each -> line.ended(each, true, now));
        }

        assertThat(line.underWayMax()).isEqualTo(JoinLine.UNDER_WAY_START);
    }

    @Test
    void theEstimateFollowsTheRateOfJoinsAndThePlaceInLine() {
        for (int second = 0; second < 10; second++) { // Ten joins a second.
            List<String> in = join(10);
            pass(Duration.ofSeconds(1));
            in.forEach(each -> line.ended(each, true, now));
        }
        join(line.underWayMax());
        for (int i = 0; i < 40; i++) {
            line.ask("w" + i, ONE, now);
        }

        assertThat(line.estimate("w0")).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
        assertThat(line.estimate("w39")).isBetween(Duration.ofMillis(3_900), Duration.ofMillis(4_100));
        assertThat(line.estimate("unknown")).isZero();
    }

    /** Lets so many clients ask and send their connects, and returns them. */
    private List<String> join(int count) {
        List<String> in = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String who = "c" + names++;
            assertThat(line.ask(who, ONE, now)).isEqualTo(Answer.IN);
            line.begun(who, now);
            in.add(who);
        }
        return in;
    }

    private List<String> letIn() {
        return line.letIn(now).stream().map(JoinLine.Served::who).toList();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
