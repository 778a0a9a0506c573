package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.room.mediaplane.Drain.Move;
import org.rotunda.room.mediaplane.Drain.State;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Properties of a drain. Rooms answer late, refuse or say nothing, clients follow late, participants leave, and other
 * media nodes come, go and are loaded at random.
 */
class DrainProperties {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long STEP = 20 * MILLI;
    private static final double HALF = 0.5;

    @Property(tries = 200)
    void everyConnectionMovesOnceAndWithinTheTime(
            @ForAll long seed, @ForAll @IntRange(max = 60) int rooms, @ForAll @IntRange(min = 1, max = 200) int limit) {
        World world = new World(new Random(seed), rooms, limit);
        world.othersChange = false;
        world.runUntil(limit * SECOND + Drain.LAST_FOLLOW.toNanos());

        assertThat(world.decisions.values()).as("decisions of a room").allMatch(count -> count == 1);
        assertThat(world.drain.progress().moved()).isEqualTo(world.movedConnections);
        assertThat(world.drain.progress().state()).isEqualTo(State.EMPTY);
    }

    @Property(tries = 200)
    void theRateIsKeptAndNothingMovesWithoutATarget(
            @ForAll long seed, @ForAll @IntRange(max = 60) int rooms, @ForAll @IntRange(min = 1, max = 200) int limit) {
        World world = new World(new Random(seed), rooms, limit);
        world.refusals = true;
        world.runUntil(limit * SECOND + Drain.LAST_FOLLOW.toNanos());

        assertThat(world.drain.progress().state()).isNotEqualTo(State.MOVING);
    }

    /** A drained node with its rooms and the other media nodes. */
    private static final class World {
        private final Random random;
        private final Drain drain;
        private final Map<String, Integer> here = new HashMap<>();
        private final Map<String, Integer> decisions = new HashMap<>();
        private final List<Event> events = new ArrayList<>();
        private final long limitNanos;
        private final int rate;
        private List<MediaNodeLoad> others = List.of();
        private boolean othersChange = true;
        private boolean refusals;
        private double spent; // The connections of rooms that were asked to leave and have not refused.
        private int movedConnections;

        private record Event(long atNanos, Runnable effect) {}

        World(Random random, int rooms, int limit) {
            this.random = random;
            int connections = 0;
            for (int i = 0; i < rooms; i++) {
                int size = 1 + (random.nextInt(5) == 0 ? random.nextInt(300) : random.nextInt(20));
                here.put("room-" + i, size);
                connections += size;
            }
            limitNanos = limit * SECOND;
            drain = new Drain(connections, Duration.ofSeconds(limit), 0);
            here.forEach((room, size) -> drain.onRoom(room, size, 0));
            rate = (int) Math.max(
                    Drain.RATE_MIN, Math.ceil(connections / Math.min((double) Drain.MOVING.toSeconds(), 0.6 * limit)));
        }

        void runUntil(long endNanos) {
            for (long now = 0; now <= endNanos; now += STEP) {
                changeOthers(now);
                runEvents(now);
                if (drain.nextDeadlineNanos() <= now) {
                    drain.onDeadline(now);
                }
                for (Move move : drain.takeMoves()) {
                    moves(move, now);
                }
            }
        }

        private void changeOthers(long now) {
            if (now % SECOND != 0 || (now > 0 && !othersChange)) {
                return;
            }
            List<MediaNodeLoad> next = new ArrayList<>();
            if (!othersChange) {
                next.add(new MediaNodeLoad("node-always", 0, false, 0));
            }
            for (int i = 0; i < random.nextInt(4); i++) {
                next.add(new MediaNodeLoad(
                        "node-" + i, 0, random.nextInt(4) == 0, random.nextDouble(), random.nextInt(80)));
            }
            others = next;
            drain.onOthers(others, now);
        }

        private void moves(Move move, long now) {
            MediaNodeLoad target = others.stream()
                    .filter(node -> node.id().equals(move.target()))
                    .findFirst()
                    .orElseThrow();
            assertThat(target.draining()).isFalse();
            int size = here.getOrDefault(move.room(), 0);
            if (now < limitNanos) {
                assertThat(target.load()).isLessThan(Drain.TARGET_LOAD_MAX);
                assertThat(spent + Math.min(Drain.BURST, size))
                        .as("connections that have left")
                        .isLessThanOrEqualTo(Drain.BURST + rate * (now / (double) SECOND) + HALF);
            }
            spent += size;
            long answerNanos = now + random.nextInt(300) * MILLI;
            if (refusals && random.nextInt(3) == 0) {
                boolean refused = random.nextBoolean();
                later(answerNanos, () -> {
                    spent -= refused ? size : 0;
                    drain.onRefused(move.room(), refused, answerNanos);
                });
                return;
            }
            later(answerNanos, () -> {
                if (here.containsKey(move.room())) {
                    decisions.merge(move.room(), 1, Integer::sum);
                    movedConnections += here.getOrDefault(move.room(), 0);
                }
                drain.onDecided(move.room(), answerNanos);
            });
            long goneNanos = answerNanos + 200 * MILLI + random.nextInt(8_000) * MILLI;
            later(goneNanos, () -> {
                here.remove(move.room());
                drain.onRoom(move.room(), 0, goneNanos);
            });
        }

        private void later(long atNanos, Runnable effect) {
            events.add(new Event(atNanos, effect));
        }

        private void runEvents(long now) {
            List<Event> due =
                    events.stream().filter(event -> event.atNanos() <= now).toList();
            events.removeAll(due);
            due.forEach(event -> event.effect().run());
        }
    }
}
