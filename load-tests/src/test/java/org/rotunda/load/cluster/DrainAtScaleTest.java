package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotSettings;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Await;

/**
 * Tests that nodes with many rooms are emptied: a media node, a gateway, and a room node. The numbers fit a machine with
 * two cores; {@code -Drotunda.drain.rooms} and {@code -Drotunda.drain.large-room} change them. The times are printed,
 * not asserted.
 */
@Tag("long")
class DrainAtScaleTest {
    private static final int ROOMS = Integer.getInteger("rotunda.drain.rooms", 12);
    private static final int IN_SMALL_ROOM = 4;
    private static final int IN_LARGE_ROOM = Integer.getInteger("rotunda.drain.large-room", 12);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** The messages that the first bot of each room sends before the drain, and again during it. */
    private static final int MESSAGES = 10;

    private static final int EXIT_SIGTERM = 143;

    private final BotFleet fleet = BotFleet.start();
    private final List<List<Bot>> rooms = new ArrayList<>();
    /** The texts that each bot has read, by its identity. */
    private final Map<String, ConcurrentLinkedQueue<String>> read = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init") // Each test begins with its start.
    private ClusterRig rig;

    @AfterEach
    void end() {
        fleet.close();
        rig.close();
    }

    @Test
    void aMediaNodeWithManyRoomsIsEmptied() {
        rig = new ClusterRig.Plan("drain-of-media-at-scale")
                .node("gateway-1", "gateway", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .node("media-3", "media")
                .oneByOne()
                .start();
        rig.awaitConverged();
        IntStream.range(0, ROOMS).forEach(room -> fill("small-" + room, IN_SMALL_ROOM, "gateway-1"));
        fill("large", IN_LARGE_ROOM, "gateway-1");
        awaitFramesEverywhere();
        NodeProcess drained = rig.mediaNodes().stream()
                .max(Comparator.comparingDouble(DrainAtScaleTest::transports))
                .orElseThrow();
        int connections = (int) transports(drained);
        Map<Bot, Long> pausesBefore = pauses();
        send(0);

        long begunNanos = System.nanoTime();
        drained.order("/drain");
        send(MESSAGES);
        Await.until(
                "the node to be empty",
                PATIENCE,
                () -> drained.drain().path("state").asText().equals("drained"));
        System.out.printf(
                "drain of a media node with %d of %d connections: empty after %.1f s; ms without video of those whose"
                        + " longest pause it was: %s%n",
                connections, bots().size(), seconds(begunNanos), summary(newPauses(pausesBefore)));

        assertThat(drained.drain().path("moved").asInt()).isEqualTo(connections);
        assertThatAllMessagesCame();
        awaitFramesEverywhere();
        assertNobodyWasCut();
    }

    @Test
    void aGatewayWithManySessionsStops() {
        rig = new ClusterRig.Plan("stop-of-gateway-at-scale")
                .node("gateway-1", "gateway", "room")
                .node("gateway-2", "gateway")
                .node("media-1", "media")
                .oneByOne()
                .start();
        rig.awaitConverged();
        IntStream.range(0, ROOMS).forEach(room -> fill("small-" + room, IN_SMALL_ROOM, "gateway-2"));
        awaitFramesEverywhere();

        long begunNanos = System.nanoTime();
        rig.node("gateway-2").terminate();
        int newcomers = 0;
        while (bots().stream().anyMatch(bot -> bot.resumptions() == 0)) {
            assertThat(seconds(begunNanos)).as("in time").isLessThan((double) PATIENCE.toSeconds());
            // Everybody else comes in meanwhile, too: a balancer sends those whom the stopping node refuses elsewhere.
            fill("meanwhile-" + newcomers++, 1, "gateway-2");
        }
        System.out.printf(
                "stop of a gateway with %d sessions: all resumed after %.1f s, %d connected meanwhile%n",
                ROOMS * IN_SMALL_ROOM, seconds(begunNanos), newcomers);

        assertThat(rig.node("gateway-2").awaitExit()).isEqualTo(EXIT_SIGTERM);
        awaitFramesEverywhere();
        assertNobodyWasCut();
    }

    @Test
    void aRoomNodeWithManyRoomsStops() {
        rig = new ClusterRig.Plan("stop-of-rooms-at-scale")
                .node("gateway-1", "gateway", "room")
                .node("room-1", "room")
                .node("media-1", "media")
                .oneByOne()
                .start();
        rig.awaitConverged();
        IntStream.range(0, ROOMS).forEach(room -> fill("small-" + room, IN_SMALL_ROOM, "gateway-1"));
        awaitFramesEverywhere();
        NodeProcess stopped = rig.node("room-1");
        int here = (int) stopped.metrics().sum("rotunda_rooms");
        assertThat(here).as("rooms on the node that stops").isPositive();
        Map<Bot, Long> pausesBefore = pauses();
        List<Long> answers = new ArrayList<>();

        stopped.terminate();
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(stopped::awaitExit);
        while (!exit.isDone()) {
            for (List<Bot> room : rooms) {
                long askedNanos = System.nanoTime();
                assertThat(rig.rest("gateway-1")
                                .room(room.get(0).roomSid())
                                .path("status")
                                .asText())
                        .isEqualTo("in-progress");
                answers.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedNanos));
            }
        }
        System.out.printf(
                "stop of a room node with %d of %d rooms: ms until a room answers: %s; new pauses of video, ms: %s%n",
                here, rooms.size(), summary(answers), summary(newPauses(pausesBefore)));

        assertThat(exit.join()).isEqualTo(EXIT_SIGTERM);
        awaitFramesEverywhere();
        assertNobodyWasCut();
    }

    // --- bots

    /** Fills a room with bots, of which the first publishes everything. */
    private void fill(String room, int count, String gateway) {
        URI signaling = URI.create(rig.restUrl(gateway).replaceFirst("^http", "ws") + "/signaling");
        List<Bot> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String identity = room + "-" + i;
            Bot bot = fleet.join(BotSettings.of(signaling, () -> Tokens.forAnyRoom(identity), room, identity)
                            .withPublishing(i == 0 ? Publishing.AUDIO_AND_SIMULCAST.withData() : Publishing.NOTHING))
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
            read.put(identity, texts);
            bot.setMessageListener(
                    (reader, trackSid, message, binary) -> texts.add(new String(message, StandardCharsets.UTF_8)));
            members.add(bot);
        }
        rooms.add(members);
    }

    private List<Bot> bots() {
        return rooms.stream().flatMap(List::stream).toList();
    }

    private List<Bot> viewers() {
        return rooms.stream().flatMap(room -> room.stream().skip(1)).toList();
    }

    private void awaitFramesEverywhere() {
        Map<Bot, Long> before = new HashMap<>();
        viewers().forEach(bot -> before.put(bot, bot.stats().received().frames()));
        before.forEach((bot, frames) -> Await.until(
                () -> "frames at " + bot.identity() + ": " + bot.progress(),
                PATIENCE,
                () -> bot.stats().received().frames() > frames));
    }

    private void send(int first) {
        for (List<Bot> room : rooms) {
            for (int i = first; i < first + MESSAGES; i++) {
                assertThat(room.get(0).send("n" + i).toCompletableFuture().join())
                        .as("accepted by the data channel")
                        .isTrue();
            }
        }
    }

    private void assertThatAllMessagesCame() {
        List<String> sent =
                IntStream.range(0, 2 * MESSAGES).mapToObj(i -> "n" + i).toList();
        for (Bot viewer : viewers()) {
            ConcurrentLinkedQueue<String> texts = read.get(viewer.identity());
            Await.until(
                    () -> "all messages at " + viewer.identity() + ": " + texts,
                    PATIENCE,
                    () -> List.copyOf(texts).equals(sent));
        }
    }

    private void assertNobodyWasCut() {
        for (Bot bot : bots()) {
            assertThat(bot.isEnded()).as(bot.identity()).isFalse();
            assertThat(bot.stats().received().silences()).as(bot.identity()).isZero();
        }
    }

    // --- figures

    private static double transports(NodeProcess node) {
        return node.metrics().sum("rotunda_media_transports");
    }

    private Map<Bot, Long> pauses() {
        Map<Bot, Long> pauses = new HashMap<>();
        viewers().forEach(bot -> pauses.put(bot, bot.stats().received().frameGapMaxNanos()));
        return pauses;
    }

    /** Returns the longest pauses of the bots that had none as long before. */
    private List<Long> newPauses(Map<Bot, Long> before) {
        List<Long> pauses = new ArrayList<>();
        pauses().forEach((bot, nanos) -> {
            if (nanos > before.getOrDefault(bot, 0L)) {
                pauses.add(TimeUnit.NANOSECONDS.toMillis(nanos));
            }
        });
        return pauses;
    }

    private static String summary(List<Long> values) {
        if (values.isEmpty()) {
            return "none";
        }
        List<Long> sorted = values.stream().sorted().toList();
        return "p50 " + quantile(sorted, 0.5) + ", p95 " + quantile(sorted, 0.95) + ", p99 " + quantile(sorted, 0.99)
                + ", max " + sorted.get(sorted.size() - 1) + " of " + sorted.size();
    }

    private static long quantile(List<Long> sorted, double share) {
        return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
