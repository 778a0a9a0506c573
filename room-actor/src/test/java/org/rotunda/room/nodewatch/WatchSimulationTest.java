package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.placement.MediaNodeLoad;

/** A thousand boards in virtual time, with delays between them and beats that are lost at random. */
class WatchSimulationTest {
    private static final int NODES = 1_000;
    private static final int ROOM_NODES = 25;
    private static final double LOST_RATIO = 0.01;
    private static final int BEAT_MS = 250;
    private static final int DELAY_MS_MAX = 5;
    private static final int KNOWN_MS_MAX = 1_100;

    private final Random random = new Random(13);
    private final List<Node> nodes = new ArrayList<>();
    private final Map<NodeId, Node> byId = new HashMap<>();
    private final List<List<Beat>> arriving = new ArrayList<>(); // Index: arrival time in ms, modulo the size.
    private final List<Long> knownMs = new ArrayList<>(); // The times from a death until a node learned of it.
    private final List<List<Node>> ticking = new ArrayList<>(); // Index: the phase of the nodes' ticks in ms.
    private final List<List<Node>> deadlines = new ArrayList<>(); // Index: time in ms, modulo BEAT_MS.
    private int falseLosses;
    private int nowMs;

    private final class Node {
        final NodeId id;
        final Set<String> roles;
        final WatchBoard board;
        final int phaseMs = random.nextInt(BEAT_MS);
        // All beats of the node have this delay, so they stay in order.
        final int delayMs = 1 + random.nextInt(DELAY_MS_MAX);
        final List<MediaNodeLoad> running;
        boolean isDead;
        int diedMs;

        Node(int number, String role) {
            id = new NodeId("10.0." + number / 256 + "." + number % 256, 7355, random.nextLong());
            roles = Set.of(role);
            board = new WatchBoard(
                    id,
                    roles,
                    "room",
                    Beat.NO_LIFELINE,
                    new WatchSettings(Duration.ofMillis(BEAT_MS), Duration.ofSeconds(1)),
                    new WatchStatistics());
            running = role.equals("media") ? List.of(new MediaNodeLoad("media-" + number, 0, false, 0)) : List.of();
        }

        void ticks() {
            if (!isDead) {
                board.onTick(running, false, nanos());
                drains();
                awaitsDeadline();
            }
        }

        void meetsDeadline() {
            if (!isDead && nanos() >= board.nextDeadlineNanos()) {
                board.onDeadline(nanos());
                drains();
                awaitsDeadline();
            }
        }

        private void awaitsDeadline() {
            long inMs = -Math.floorDiv(nanos() - board.nextDeadlineNanos(), TimeUnit.MILLISECONDS.toNanos(1));
            if (board.nextDeadlineNanos() != Long.MAX_VALUE && inMs < BEAT_MS) {
                deadlines.get((nowMs + (int) Math.max(1, inMs)) % BEAT_MS).add(this);
            }
        }

        void drains() {
            board.takeBeats().forEach(beat -> sends(beat, delayMs));
            for (WatchEvent event : board.takeEvents()) {
                if (event instanceof NodeLost lost) {
                    Node gone = byId(lost.node());
                    if (gone.isDead) {
                        knownMs.add((long) nowMs - gone.diedMs);
                    } else {
                        falseLosses++;
                    }
                }
            }
        }
    }

    WatchSimulationTest() {
        for (int i = 0; i <= DELAY_MS_MAX; i++) {
            arriving.add(new ArrayList<>());
        }
        for (int i = 0; i < BEAT_MS; i++) {
            ticking.add(new ArrayList<>());
            deadlines.add(new ArrayList<>());
        }
        for (int i = 0; i < NODES; i++) {
            Node node = new Node(i, i < ROOM_NODES ? "room" : i % 4 == 0 ? "gateway" : "media");
            nodes.add(node);
            byId.put(node.id, node);
            ticking.get(node.phaseMs).add(node);
        }
        for (Node node : nodes) {
            for (Node member : nodes) {
                node.board.onMember(member.id, member.roles, Rank.UP, 0);
            }
            node.board.takeEvents();
            node.board.takeBeats();
        }
        passes(3_000); // All nodes hear each other for the first time.
        nodes.forEach(node -> node.board.takeEvents());
        falseLosses = 0;
    }

    @Test
    void twentySecondsOfLostBeatsLoseNobodyAndDeathsAreKnownSoon() {
        simulates(20_000, 6);
    }

    @Test
    @Tag("long")
    void tenMinutesOfLostBeatsLoseNobodyAndDeathsAreKnownSoon() {
        simulates(600_000, 60);
    }

    private void simulates(int quietMs, int deaths) {
        passes(quietMs);
        assertThat(falseLosses).isZero();

        int expected = 0;
        for (int i = 0; i < deaths; i++) {
            Node victim = i % 10 == 0 ? nodes.get(i / 10) : nodes.get(ROOM_NODES + random.nextInt(NODES - ROOM_NODES));
            if (victim.isDead) {
                continue;
            }
            victim.isDead = true;
            victim.diedMs = nowMs;
            expected += (int) nodes.stream()
                    .filter(node -> !node.isDead && (victim.roles.contains("room") || node.roles.contains("room")))
                    .count();
            passes(2_000);
        }

        assertThat(falseLosses).isZero();
        assertThat(knownMs).hasSize(expected);
        long[] sorted = knownMs.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println("deaths known after ms: median " + sorted[sorted.length / 2] + ", p99 "
                + sorted[sorted.length * 99 / 100] + ", max "
                + Arrays.stream(sorted).max().orElseThrow());
        assertThat(sorted[sorted.length * 99 / 100]).isLessThanOrEqualTo(KNOWN_MS_MAX);
    }

    private void passes(int ms) {
        for (int i = 0; i < ms; i++) {
            nowMs++;
            List<Beat> due = arriving.set(nowMs % arriving.size(), new ArrayList<>());
            for (Beat beat : due) {
                Node to = byId(beat.to());
                if (!to.isDead) {
                    to.board.onBeat(beat, nanos());
                    to.drains();
                }
            }
            ticking.get(nowMs % BEAT_MS).forEach(Node::ticks);
            deadlines.set(nowMs % BEAT_MS, new ArrayList<>()).forEach(Node::meetsDeadline);
        }
    }

    private void sends(Beat beat, int delayMs) {
        if (random.nextDouble() >= LOST_RATIO) {
            arriving.get((nowMs + delayMs) % arriving.size()).add(beat);
        }
    }

    private Node byId(NodeId id) {
        return Objects.requireNonNull(byId.get(id));
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs);
    }
}
