package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.room.mediaplane.Drain.Move;
import org.rotunda.room.mediaplane.Drain.Progress;
import org.rotunda.room.mediaplane.Drain.State;
import org.rotunda.room.placement.MediaNodeLoad;

/** Tests the pace, the order and the targets of a drain, on virtual time that begins at 0. */
class DrainTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    private static MediaNodeLoad node(String id, double load) {
        return new MediaNodeLoad(id, 0, false, load);
    }

    private static Drain drain(int... sizes) {
        int connections = 0;
        for (int size : sizes) {
            connections += size;
        }
        Drain drain = new Drain(connections, LIMIT, 0);
        for (int i = 0; i < sizes.length; i++) {
            drain.onRoom("room-" + i, sizes[i], 0);
        }
        return drain;
    }

    /** Runs the drain until this time, and returns the moves with their times in nanoseconds. */
    private static Map<Move, Long> run(Drain drain, long untilNanos) {
        Map<Move, Long> moves = new HashMap<>();
        while (true) {
            long now = Math.min(untilNanos, drain.nextDeadlineNanos());
            drain.onDeadline(now);
            for (Move move : drain.takeMoves()) {
                moves.put(move, now);
            }
            if (now == untilNanos) {
                return moves;
            }
        }
    }

    private static List<String> rooms(List<Move> moves) {
        return moves.stream().map(Move::room).toList();
    }

    @Test
    void aBurstLeavesAtOnceAndTheRestAtFiftyASecond() {
        Drain drain = new Drain(150, LIMIT, 0);
        for (int i = 0; i < 150; i++) {
            drain.onRoom("room-" + i, 1, 0);
        }
        drain.onOthers(List.of(node("a", 0)), 0);

        assertThat(drain.takeMoves()).hasSize(50);
        assertThat(run(drain, SECOND + SECOND / 100)).hasSize(50);
        assertThat(run(drain, 2 * SECOND + SECOND / 100)).hasSize(50);
        assertThat(drain.progress().left()).isEqualTo(150); // Nobody has answered.
    }

    @Test
    void aFullNodeIsMovedInNinetySeconds() {
        Drain drain = new Drain(5_000, LIMIT, 0);
        for (int i = 0; i < 1_250; i++) {
            drain.onRoom("room-" + i, 4, 0);
        }
        drain.onOthers(List.of(node("a", 0), node("b", 0)), 0);
        int first = drain.takeMoves().size();

        assertThat(first + run(drain, 45 * SECOND).size()).isBetween(600, 650);
        assertThat(run(drain, 90 * SECOND)).hasSizeBetween(600, 650);
        assertThat(drain.takeMoves()).isEmpty();
        assertThat(drain.nextDeadlineNanos()).isEqualTo(150 * SECOND);
    }

    @Test
    void aShortLimitMakesTheRateHigher() {
        Drain drain = new Drain(1_000, Duration.ofSeconds(10), 0);
        for (int i = 0; i < 1_000; i++) {
            drain.onRoom("room-" + i, 1, 0);
        }
        drain.onOthers(List.of(node("a", 0)), 0);
        drain.takeMoves();

        run(drain, 6 * SECOND);

        assertThat(drain.rooms(2_000))
                .allSatisfy(room -> assertThat(room.phase()).isEqualTo(Drain.Phase.ASKED));
    }

    @Test
    void theLargestRoomLeavesFirstAndAsAWhole() {
        Drain drain = drain(4, 100, 30);
        drain.onOthers(List.of(node("a", 0)), 0);

        assertThat(rooms(drain.takeMoves())).containsExactly("room-1");
        // The room took 50 more than there were. They are earned in one second, and the price of the next room after
        // it.
        Map<Move, Long> next = run(drain, 3 * SECOND);
        assertThat(next.get(new Move("room-2", "a"))).isBetween(1_600_000_000L, 1_600_000_010L);
        assertThat(next.get(new Move("room-0", "a"))).isBetween(1_680_000_000L, 1_680_000_010L);
    }

    @Test
    void roomsAreSpreadOverTheThreeLeastLoadedNodes() {
        Drain drain = drain(10, 10, 10, 10, 10);
        drain.onOthers(List.of(node("a", 0.5), node("b", 0.1), node("c", 0.2), node("d", 0.3)), 0);

        assertThat(drain.takeMoves().stream().map(Move::target)).containsExactly("b", "c", "d", "b", "c");
    }

    @Test
    void aLoadedOrDrainingNodeIsNoTarget() {
        Drain drain = drain(4);
        drain.onOthers(List.of(node("a", Drain.TARGET_LOAD_MAX), new MediaNodeLoad("b", 0, true, 0)), 0);
        assertThat(drain.takeMoves()).isEmpty();
        assertThat(drain.progress()).isEqualTo(new Progress(State.MOVING, 0, 0, 4, true));

        drain.onOthers(List.of(node("a", 0.84)), 20 * SECOND);

        assertThat(drain.takeMoves()).containsExactly(new Move("room-0", "a"));
        assertThat(drain.progress().blocked()).isFalse();
    }

    @Test
    void isNotBlockedBeforeTheOtherNodesAreKnown() {
        Drain drain = drain(4);
        assertThat(drain.progress().blocked()).isFalse();
        drain.onOthers(List.of(), SECOND);
        assertThat(drain.progress().blocked()).isTrue();
    }

    @Test
    void theRateIsHalvedForTwoSecondsWhenATargetLags() {
        Drain drain = new Drain(300, LIMIT, 0);
        for (int i = 0; i < 300; i++) {
            drain.onRoom("room-" + i, 1, 0);
        }
        drain.onOthers(List.of(new MediaNodeLoad("a", 0, false, 0, Drain.LAG_MILLIS_MAX + 1)), 0);
        drain.takeMoves();

        assertThat(run(drain, 2 * SECOND + SECOND / 100)).hasSize(50);
        assertThat(run(drain, 3 * SECOND + SECOND / 100)).hasSize(50);
    }

    @Test
    void aRoomThatRefusesIsAskedAgainEachSecond() {
        Drain drain = drain(4);
        drain.onOthers(List.of(node("a", 0)), 0);
        drain.takeMoves();
        for (int i = 1; i <= 10; i++) {
            drain.onRefused("room-0", true, (i - 1) * SECOND);
            assertThat(drain.nextDeadlineNanos()).isEqualTo(i * SECOND);
            assertThat(run(drain, i * SECOND)).hasSize(1);
        }

        drain.onDecided("room-0", 11 * SECOND);
        drain.onRefused("room-0", false, 11 * SECOND); // A late answer to an earlier question.

        assertThat(drain.progress()).isEqualTo(new Progress(State.MOVING, 4, 4, 0, false));
        drain.onRoom("room-0", 0, 12 * SECOND);
        assertThat(drain.progress()).isEqualTo(new Progress(State.EMPTY, 4, 0, 0, false));
        assertThat(drain.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aRoomThatStillHasConnectionsHereIsAskedAgainAfterTheTimeToFollow() {
        Drain drain = drain(4);
        drain.onOthers(List.of(node("a", 0)), 0);
        drain.takeMoves();
        drain.onDecided("room-0", 0);
        drain.onRoom("room-0", 1, SECOND); // One client has no handover and no socket.

        assertThat(run(drain, Drain.FOLLOWED.toNanos())).containsOnlyKeys(new Move("room-0", "a"));
        assertThat(drain.progress()).isEqualTo(new Progress(State.MOVING, 3, 0, 1, false));
    }

    @Test
    void everythingThatIsLeftMovesWhenTheTimeIsOver() {
        Drain drain = drain(300, 300, 4);
        drain.onOthers(List.of(node("a", 0.9), node("b", 0.95)), 0);
        assertThat(run(drain, 149 * SECOND)).isEmpty();

        List<Move> last = new ArrayList<>(run(drain, 150 * SECOND).keySet());

        assertThat(rooms(last)).containsExactlyInAnyOrder("room-0", "room-1", "room-2");
        assertThat(last.stream().map(Move::target)).contains("a", "b");
        assertThat(drain.progress().state()).isEqualTo(State.MOVING);
        run(drain, 160 * SECOND);
        assertThat(drain.progress().state()).isEqualTo(State.OVERDUE);
        assertThat(drain.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aShorterLimitCounts() {
        Drain drain = drain(4);
        drain.limit(Duration.ofSeconds(200), SECOND);
        assertThat(drain.nextDeadlineNanos()).isEqualTo(150 * SECOND);
        drain.limit(Duration.ofSeconds(20), SECOND);
        assertThat(drain.nextDeadlineNanos()).isEqualTo(21 * SECOND);
    }
}
