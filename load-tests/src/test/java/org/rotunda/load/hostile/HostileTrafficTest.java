package org.rotunda.load.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.cluster.Directories;
import org.rotunda.room.testkit.PostgresServer;

/**
 * Sends invalid traffic of every kind to a node that hosts a call. The call must not be disturbed, and the node must
 * neither log errors nor grow. See {@code docs/hostile-traffic.md}. To repeat a run, set {@code rotunda.hostile.seed}.
 */
class HostileTrafficTest {
    private static final long SEED = Long.getLong("rotunda.hostile.seed", 7);
    private static final int PER_SECOND = Integer.getInteger("rotunda.hostile.rate", 1_000);

    /**
     * The number of {@link Approach#SEALED} packets after which a new bot replaces Mallory. Such packets can damage the
     * connection of the bot that sends them.
     */
    private static final int PER_MALLORY = 2_000;

    private static final String SESSION_TIMEOUT = "10 s";
    private static final int LORISES = 10;
    private static final int FRAME_CHARS_MAX = 1 << 20;
    private static final double GROWTH_MAX = 0.05;
    private static final int LOOKS = 3;
    private static final long START_NANOS = System.nanoTime();

    /**
     * The lowest accepted share of invalid datagrams that the node counts as drops. The kernel may lose a few datagrams
     * without counting them.
     */
    private static final double COUNTED_MIN = 0.99;

    @Test
    void aShortAttackDoesNotDisturbACall() throws IOException {
        attack("hostile-short", 150, 60);
    }

    @Tag("long")
    @Test
    void aFullAttackDoesNotDisturbACall() throws IOException {
        attack(
                "hostile-full",
                Integer.getInteger("rotunda.hostile.datagrams", 10_000),
                Integer.getInteger("rotunda.hostile.frames", 1_000));
    }

    private static void attack(String name, int datagrams, int frames) throws IOException {
        // The embedded database would keep its rows in the heap that this test measures.
        try (PostgresServer postgres = PostgresServer.start(Directories.emptied(name + "-database"));
                ObservedNode node = ObservedNode.start(name, config(postgres));
                HostileCall call = new HostileCall(node)) {
            List<String> signaling = call.recordedSignaling();
            // After the warm-up the pools have reached their size and the JIT compiler has compiled the code.
            warmUp(node, call, signaling, Math.min(datagrams, 100));
            call.awaitVictimsOnly();
            Footprint before = node.footprint(LOOKS);
            call.forgive();
            say("before: %s", before);

            everything(node, call, signaling, before, datagrams, frames);
            call.awaitVictimsOnly();
            Footprint after = node.footprint(LOOKS);
            say("after:  %s", after);

            assertThat(node.complaints()).as("the node's log").isEmpty();
            assertThat(node.metrics().sum("rotunda_media_faults_total")).isZero();
            assertThat(node.metrics().sum("rotunda_member_faults_total")).isZero();
            assertThat(after.tables()).isEqualTo(before.tables());
            assertGrowth("heap", before.heapBytes(), after.heapBytes(), node);
            assertGrowth("direct memory", before.directBytes(), after.directBytes(), node);
            call.assertUnhurt("everything");
        }
    }

    /** Returns settings under which the node soon forgets the attackers that vanish. */
    private static Map<String, Object> config(PostgresServer postgres) {
        Map<String, Object> config = new TreeMap<>(postgres.config(postgres.jdbcUrl()));
        config.put("rotunda.rooms.session-timeout", SESSION_TIMEOUT);
        return config;
    }

    private static void everything(
            ObservedNode node, HostileCall call, List<String> signaling, Footprint before, int datagrams, int frames)
            throws IOException {
        try (SlowLoris lorises = SlowLoris.start(node.http(), LORISES)) {
            datagrams(node, call, datagrams);
            call.malloryLeaves();
            Set<String> held = Set.copyOf(node.heldLoops());
            new InputAttacks(node, call, signaling, before, attack -> {
                        call.assertUnhurt(attack);
                        assertThat(node.heldLoops())
                                .as("turns of the loop after %s", attack)
                                .isSubsetOf(held);
                    })
                    .run();
            signaling(node, call, signaling, frames);
            say(
                    "slow-loris: %d of %d WebSockets ended by the server, %d bytes said",
                    lorises.endedWebSockets(), 2 * LORISES, lorises.said());
        }
    }

    private static void warmUp(ObservedNode node, HostileCall call, List<String> signaling, int datagrams)
            throws IOException {
        try (HostileDatagrams attack = new HostileDatagrams(call.recordings(), SEED + 1, PER_SECOND)) {
            Bot mallory = call.freshMallory();
            for (Approach approach : Approach.values()) {
                for (Protocol protocol : Protocol.values()) {
                    attack.send(approach, protocol, datagrams, mallory);
                }
            }
            call.awaitFrames("the warm-up");
            call.malloryLeaves();
        }
        new InputAttacks(node, call, signaling, null, attack -> {}).warmUp();
    }

    private static void datagrams(ObservedNode node, HostileCall call, int count) {
        try (HostileDatagrams attack = new HostileDatagrams(call.recordings(), SEED, PER_SECOND)) {
            Bot mallory = call.freshMallory();
            for (Approach approach : List.of(Approach.STRANGER, Approach.VALIDATED)) {
                for (Protocol protocol : Protocol.values()) {
                    call.recordAnew();
                    Map<String, Long> before = node.drops();
                    double kernelBefore = kernelDrops(node);
                    attack.send(approach, protocol, count, mallory);
                    call.assertUnhurt(approach + " " + protocol);
                    call.assertMalloryUnhurt();
                    Map<String, Long> drops = reportDrops(approach, protocol, count, before, node);
                    assertThat(sum(drops) + kernelDrops(node) - kernelBefore)
                            .as("drops of %s %s: %s", approach, protocol, drops)
                            .isGreaterThanOrEqualTo(count * COUNTED_MIN);
                }
            }
            for (Protocol protocol : Protocol.values()) {
                Map<String, Long> before = node.drops();
                for (int sent = 0; sent < count; sent += PER_MALLORY) {
                    attack.send(Approach.SEALED, protocol, Math.min(count - sent, PER_MALLORY), call.freshMallory());
                }
                call.assertUnhurt("SEALED " + protocol);
                assertThat(reportDrops(Approach.SEALED, protocol, count, before, node))
                        .isNotEmpty();
            }
        }
    }

    private static long sum(Map<String, Long> drops) {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> reportDrops(
            Approach approach, Protocol protocol, int count, Map<String, Long> before, ObservedNode node) {
        Map<String, Long> drops = since(before, node.drops());
        say("%-9s %-4s %6d sent, %6d dropped %s", approach, protocol, count, sum(drops), drops);
        return drops;
    }

    private static double kernelDrops(ObservedNode node) {
        return node.metrics().sum("rotunda_media_kernel_receive_drops_total");
    }

    /** Returns the rises of the drops between two readings. */
    static Map<String, Long> since(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = new TreeMap<>();
        after.forEach((reason, count) -> {
            long rise = count - before.getOrDefault(reason, 0L);
            if (rise > 0) {
                more.put(reason, rise);
            }
        });
        return more;
    }

    private static void signaling(ObservedNode node, HostileCall call, List<String> recorded, int frames) {
        double malformed = node.metrics().sum("rotunda_signaling_malformed_total");
        HostileSignaling attack = new HostileSignaling(node.signaling(), recorded, SEED);
        HostileSignaling.Sent sent = attack.mutated(frames);
        call.assertUnhurt("damaged signaling");
        double more = node.metrics().sum("rotunda_signaling_malformed_total") - malformed;
        say("signaling: %s, %.0f malformed", sent, more);
        assertThat(sent.frames()).isEqualTo(frames);
        assertThat(more).as("frames not understood").isPositive();

        double tooLarge = tooLarge(node);
        List<Boolean> ended = new ArrayList<>();
        ended.add(attack.oversized(FRAME_CHARS_MAX + 1, false, 10));
        ended.add(attack.oversized(8 * FRAME_CHARS_MAX, false, 10));
        ended.add(attack.oversized(2 * FRAME_CHARS_MAX, true, 10));
        say("oversized: refused %s, %.0f counted as too large", ended, tooLarge(node) - tooLarge);
        assertThat(ended).doesNotContain(false);
        assertThat(tooLarge(node) - tooLarge).isEqualTo(2);
        call.assertUnhurt("oversized frames");
    }

    private static double tooLarge(ObservedNode node) {
        return node.metrics().value("rotunda_signaling_malformed_total{reason=\"too_large\"}");
    }

    private static void assertGrowth(String what, long before, long after, ObservedNode node) throws IOException {
        assertThat((double) after / before - 1)
                .as(
                        "growth of %s from %d to %d bytes\n%s",
                        what, before, after, String.join("\n", node.histogram().biggest(30)))
                .isLessThanOrEqualTo(GROWTH_MAX);
    }

    @SuppressWarnings("SystemOut") // The output is the record of the run.
    static void say(String format, Object... values) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - START_NANOS);
        System.out.println("[hostile] " + seconds + " s: " + String.format(Locale.ROOT, format, values));
    }
}
