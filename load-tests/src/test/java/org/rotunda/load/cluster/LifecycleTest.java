package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * Tests that rooms and stays end in time although the node that set their timers is killed, on processes. The limits are
 * scaled down by the configuration; the timeouts of rooms that the REST API creates are as short as the API allows.
 */
@Tag("long")
class LifecycleTest {
    private static final Duration LONGEST_STAY = Duration.ofSeconds(40);
    private static final Duration AGE_MAX = Duration.ofSeconds(100);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Map<String, String> SHORT_TIMEOUTS = Map.of("UnusedRoomTimeout", "1", "EmptyRoomTimeout", "1");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /**
     * The longest time from a deadline until the end of the room is seen. It includes the time in which the killed
     * node's rooms have no owner.
     */
    private static final Duration LATE_MAX = Duration.ofSeconds(20);

    /** Rooms of each kind. So many that each of the three nodes has rooms of every kind. */
    private static final int ROOMS = 20;

    private static final int STAYED_TOO_LONG = 53216;
    private static final int ROOM_COMPLETED = 53118;

    @Test
    void everythingEndsInTimeAlthoughTheNodeThatSetTheTimersIsKilled() {
        try (ClusterRig rig = new ClusterRig.Plan("lifecycle")
                .node("gateway-1", "gateway", "room", "media")
                .node("room-1", "room")
                .node("room-2", "room")
                .with("rotunda.rooms.age-max", AGE_MAX.toSeconds() + "s")
                .with("rotunda.rooms.default.participant-duration-max", LONGEST_STAY.toSeconds() + "s")
                .start()) {
            rig.awaitConverged();
            Rest rest = rig.restOf("gateway-1");
            List<SignalingBot> olds = new ArrayList<>();
            List<SignalingBot> longests = new ArrayList<>();
            List<String> unused = new ArrayList<>();
            List<String> empty = new ArrayList<>();
            for (int i = 0; i < ROOMS; i++) {
                rest.createRoom("old-" + i, SHORT_TIMEOUTS);
                olds.add(SignalingBot.join(rig.address("gateway-1"), "old", "old-" + i));
                unused.add(rest.createRoom("unused-" + i, SHORT_TIMEOUTS)
                        .path("sid")
                        .asText());
                empty.add(rest.createRoom("empty-" + i, SHORT_TIMEOUTS)
                        .path("sid")
                        .asText());
                SignalingBot.join(rig.address("gateway-1"), "guest", "empty-" + i)
                        .leave();
            }
            for (int i = 0; i < ROOMS; i++) {
                longests.add(SignalingBot.join(rig.address("gateway-1"), "longest", "ad-hoc-" + i));
            }
            List<String> old = olds.stream().map(SignalingBot::room).toList();
            List<String> longest = longests.stream().map(SignalingBot::room).toList();
            Map<String, List<String>> kinds = new LinkedHashMap<>();
            kinds.put("nobody came", unused);
            kinds.put("everybody left", empty);
            kinds.put("too old", old);
            kinds.put("the longest stay", longest);
            Await.until(
                    "all guests to have left",
                    PATIENCE,
                    () -> empty.stream()
                            .allMatch(room -> rest.departed(room, "").size() == 1));

            rig.node("room-2").kill();
            Map<String, Instant> seen = awaitCompleted(rest, 4 * ROOMS);

            RoomJournal journal = new RoomJournal(rig.postgres());
            kinds.forEach((kind, rooms) -> {
                assertThat(rooms)
                        .as(kind)
                        .allSatisfy(room ->
                                assertThat(journal.isOneAfterTheOther(room)).isTrue());
                assertThat(rooms)
                        .as("rooms of the killed node: " + kind)
                        .anySatisfy(room ->
                                assertThat(journal.owners(room)).as(room).hasSizeGreaterThan(1));
                for (String room : rooms) {
                    Instant end = instant(rest.room(room), "end_time");
                    assertThat(seen.get(room))
                            .as("%s: %s ended at %s", kind, room, end)
                            .isBefore(end.plus(LATE_MAX));
                }
            });
            for (String room : unused) {
                assertThat(rest.room(room).path("duration").asLong()).isEqualTo(TIMEOUT.toSeconds());
            }
            for (String room : empty) {
                Instant left = instant(rest.departed(room, "").get(0), "end_time");
                assertThat(instant(rest.room(room), "end_time")).isEqualTo(left.plus(TIMEOUT));
            }
            for (String room : old) {
                assertThat(rest.room(room).path("duration").asLong()).isEqualTo(AGE_MAX.toSeconds());
            }
            for (String room : longest) {
                JsonNode departed = rest.departed(room, "").get(0);
                assertThat(departed.path("duration").asLong()).isEqualTo(LONGEST_STAY.toSeconds());
                assertThat(departed.path("end_time").asText())
                        .isEqualTo(rest.room(room).path("end_time").asText());
            }
            longests.forEach(bot -> assertThat(bot.awaitEnd().code()).isEqualTo(STAYED_TOO_LONG));
            olds.forEach(bot -> assertThat(bot.awaitEnd().code()).isEqualTo(ROOM_COMPLETED));
        }
    }

    /** Waits until so many rooms are completed, and returns when each of them was first seen so. */
    private static Map<String, Instant> awaitCompleted(Rest rest, int rooms) {
        Map<String, Instant> seen = new HashMap<>();
        Await.until(() -> "all rooms to end, but only " + seen.size() + " did", PATIENCE, () -> {
            Instant now = Instant.now();
            JsonNode completed = rest.rooms("completed");
            StreamSupport.stream(completed.spliterator(), false)
                    .forEach(room -> seen.putIfAbsent(room.path("sid").asText(), now));
            return seen.size() == rooms;
        });
        return seen;
    }

    private static Instant instant(JsonNode resource, String field) {
        return Instant.parse(resource.path(field).asText());
    }
}
