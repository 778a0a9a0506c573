package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.signaling.SignalingPeer.Track;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.CallbackReceiver;
import org.rotunda.load.testkit.Rest;

/**
 * Tests that no status callback is lost and none comes out of order while its receiver is down for a minute and nodes
 * are killed, on processes.
 */
@Tag("long")
class CallbackOutageTest {
    private static final Duration DOWN = Duration.ofSeconds(60);
    private static final Duration KILLED_AFTER = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROOMS = 5;
    private static final Track CHAT = new Track("chat-id", "data", "chat");

    @Test
    void theOnlyNodeIsKilledWhileTheReceiverIsDown() throws IOException {
        try (CallbackReceiver receiver = new CallbackReceiver();
                DevProcess dev = DevProcess.start("callbacks-dev", Map.of(), 384, List.of())) {
            Instant downSince = Instant.now();
            Rest rest = new Rest(dev.url());
            List<String> rooms = rooms(rest, receiver, dev.http());
            waitUntil(downSince.plus(KILLED_AFTER));

            dev.node().kill();
            dev.node().start().awaitReady(DevProcess.START);

            rooms.forEach(new Rest(dev.url())::completeRoom);
            waitUntil(downSince.plus(DOWN));
            receiver.up();
            assertEveryEventArrivesInOrder(receiver, rooms);
        }
    }

    /** The receiver holds all requests, so the gateway that is killed has callbacks in flight. */
    @Test
    void aGatewayIsKilledWhileItSends() {
        try (CallbackReceiver receiver = new CallbackReceiver().up();
                ClusterRig rig = new ClusterRig.Plan("callbacks-cluster")
                        .node("gateway-1", "gateway", "room", "media")
                        .node("gateway-2", "gateway", "room")
                        .node("room-1", "room")
                        .with("rotunda.callbacks.allow", "[\"127.0.0.0/8\"]")
                        .start()) {
            rig.awaitConverged();
            receiver.hold();
            Instant downSince = Instant.now();
            List<String> rooms = rooms(rig.restOf("gateway-1"), receiver, rig.address("gateway-1"));
            waitUntil(downSince.plus(KILLED_AFTER));
            Await.until(
                    "callbacks in flight",
                    PATIENCE,
                    () -> rig.node("gateway-2").metrics().sum("rotunda_callbacks_in_flight") > 0);

            rig.node("gateway-2").kill();

            Rest rest = rig.restOf("gateway-1");
            for (String room : rooms) {
                Await.until(
                        "room " + room + " to answer",
                        PATIENCE,
                        () -> rest.answers("/v1/Rooms/" + room, Duration.ofSeconds(5)));
                rest.completeRoom(room);
            }
            waitUntil(downSince.plus(DOWN));
            receiver.answer(200);
            assertEveryEventArrivesInOrder(receiver, rooms);
        }
    }

    /** Creates rooms in each of which somebody joins with a track and leaves. */
    private static List<String> rooms(Rest rest, CallbackReceiver receiver, InetSocketAddress gateway) {
        List<String> rooms = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
            String room = rest.createRoom("outage-" + i, Map.of("StatusCallback", receiver.url()))
                    .path("sid")
                    .asText();
            SignalingBot.join(gateway, "alice", room, List.of(CHAT)).leave();
            rooms.add(room);
        }
        return rooms;
    }

    private static void waitUntil(Instant then) {
        Await.until("the planned moment", PATIENCE, () -> Instant.now().isAfter(then));
    }

    private static void assertEveryEventArrivesInOrder(CallbackReceiver receiver, List<String> rooms) {
        List<String> wanted = List.of(
                "room-created",
                "participant-connected",
                "track-added",
                "track-removed",
                "participant-disconnected",
                "room-ended");
        Await.until("all callbacks", PATIENCE, () -> receiver.events().size() >= wanted.size() * rooms.size());
        Map<String, List<String>> events = new HashMap<>();
        Map<String, List<String>> numbers = new HashMap<>();
        receiver.events().forEach(event -> {
            String room = event.get("RoomSid");
            events.computeIfAbsent(room, each -> new ArrayList<>()).add(event.get("StatusCallbackEvent"));
            numbers.computeIfAbsent(room, each -> new ArrayList<>()).add(event.get("SequenceNumber"));
        });
        assertThat(events).containsOnlyKeys(rooms);
        assertThat(events.values()).allSatisfy(each -> assertThat(each).isEqualTo(wanted));
        assertThat(numbers.values())
                .allSatisfy(each -> assertThat(each)
                        .isEqualTo(IntStream.range(0, wanted.size())
                                .mapToObj(Integer::toString)
                                .toList()));
        assertThat(receiver.forged()).isEmpty();
    }
}
