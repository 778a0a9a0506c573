package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.CommandNode.ACCOUNT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.node.CommandNode.Result;

/** Tests {@code rotunda room} and {@code rotunda participant} against a node with people in its rooms. */
class RoomCommandTest {
    private static final String KEY = "SK00000000000000000000000000000001";
    private static final String KEY_SECRET = "dev-api-key-secret-for-localhost-only";
    private static final CommandNode NODE = CommandNode.start("room-command");

    @AfterAll
    static void stop() {
        NODE.close();
    }

    private static Result run(String... arguments) {
        return NODE.run(arguments);
    }

    private static Result runAs(String user, String password, String... arguments) {
        return NODE.runAs(user, password, arguments);
    }

    /** Joins a room, which the first join creates, and returns the SIDs of the participant and of the room. */
    private static Joined join(String room, String identity) {
        URI http = URI.create(NODE.httpUrl());
        SignalingClient client = SignalingClient.connect(new InetSocketAddress(http.getHost(), http.getPort()));
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        connect.put("token", GatewayFixture.token(ACCOUNT, KEY, KEY_SECRET, identity, null))
                .put("name", room);
        client.send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":60000,\"body\":" + connect + "}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        JsonNode connected = client.body("connected");
        return new Joined(
                client,
                connected.path("sid").asText(),
                connected.at("/participant/sid").asText());
    }

    private record Joined(SignalingClient client, String room, String participant) {
        /** Waits until the server tells the client that it is out of the room, and returns the message. */
        JsonNode awaitEnd() {
            JsonNode body = client.next().path("body");
            while (!body.path("type").asText().equals("disconnected")) {
                body = client.next().path("body"); // News about the room may come before.
            }
            return body;
        }
    }

    @Test
    void listsShowsAndEndsRooms() {
        Joined alice = join("Übung 1/2", "alice");

        assertThat(run("room", "list", "--name", "Übung 1/2", "--json").json().findValuesAsText("sid"))
                .containsExactly(alice.room());
        List<String> table = run("room", "list", "--name", "Übung 1/2").lines();
        assertThat(table).hasSize(2);
        assertThat(table.get(0)).startsWith("sid").contains("unique_name", "status", "max_participants");
        assertThat(table.get(1)).startsWith(alice.room()).contains("Übung 1/2", "in-progress", "group");
        Result shown = run("room", "show", "Übung 1/2");
        assertThat(shown.field("sid")).isEqualTo(alice.room());
        assertThat(shown.field("video_codecs")).isEqualTo("VP8,H264");
        assertThat(shown.field("end_time")).isEqualTo("-");
        assertThat(run("room", "show", alice.room(), "--json")
                        .json()
                        .path("unique_name")
                        .asText())
                .isEqualTo("Übung 1/2");

        assertThat(run("room", "end", "Übung 1/2").field("status")).isEqualTo("completed");

        assertThat(alice.awaitEnd().path("status").asText()).isEqualTo("completed");
        assertThat(run("room", "list", "--name", "Übung 1/2").lines()).hasSize(1);
        assertThat(run("room", "list", "--status", "completed", "--name", "Übung 1/2", "--json")
                        .json()
                        .findValuesAsText("sid"))
                .containsExactly(alice.room());
        assertThat(run("room", "show", alice.room()).field("status")).isEqualTo("completed");
    }

    @Test
    void filtersAndLimitsLists() {
        String today = Instant.now().truncatedTo(ChronoUnit.DAYS).toString();
        List<String> rooms = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rooms.add(0, join("filtered " + i, "alice").room());
        }

        assertThat(run("room", "list", "--created-after", today, "--json")
                        .json()
                        .findValuesAsText("sid"))
                .containsAll(rooms);
        assertThat(run("room", "list", "--created-before", today).lines()).hasSize(1);
        assertThat(run("room", "list", "--limit", "2", "--json").json()).hasSize(2);
        assertThat(run("room", "list", "--limit", "0").exitCode()).isEqualTo(2);
        Result wrong = run("room", "list", "--status", "ended");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).startsWith("rotunda: ").contains("Status", "20001");
        assertThat(run("room", "list", "--created-after", "yesterday").err()).contains("DateCreatedAfter", "20001");
    }

    @Test
    void listsShowsAndRemovesParticipants() {
        Joined alice = join("people", "alice@example.com");
        Joined bob = join("people", "bob");

        assertThat(run("participant", "list", "people", "--json").json().findValuesAsText("sid"))
                .containsExactly(bob.participant(), alice.participant());
        List<String> table =
                run("participant", "list", alice.room(), "--identity", "bob").lines();
        assertThat(table).hasSize(2);
        assertThat(table.get(0)).startsWith("sid").contains("identity", "status", "start_time");
        assertThat(table.get(1)).startsWith(bob.participant()).contains("bob", "connected");
        assertThat(run("participant", "list", "people", "--status", "disconnected")
                        .lines())
                .hasSize(1);
        assertThat(run("participant", "show", "people", "alice@example.com").field("sid"))
                .isEqualTo(alice.participant());

        assertThat(run("why", "people", "bob").out())
                .contains(bob.participant() + " in " + bob.room(), "no bandwidth profile", alice.participant())
                .contains("source_silent", "new_track");
        assertThat(run("why", "people", "bob", "--json").json().path("tracks")).hasSize(1);

        assertThat(run("participant", "kick", "people", "bob").field("status")).isEqualTo("disconnected");

        bob.awaitEnd();
        assertThat(run("participant", "list", "people", "--json").json().findValuesAsText("identity"))
                .containsExactly("alice@example.com");
        assertThat(run("participant", "list", "people", "--status", "disconnected", "--json")
                        .json()
                        .findValuesAsText("sid"))
                .containsExactly(bob.participant());
        assertThat(run("participant", "show", "people", bob.participant(), "--json")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("disconnected");
        Result again = run("participant", "kick", "people", "bob");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("20404");
    }

    /** Unlike accounts and keys, rooms are open to API keys. */
    @Test
    void anApiKeyIsEnough() {
        assertThat(runAs(KEY, KEY_SECRET, "room", "list").exitCode()).isZero();
        assertThat(runAs(KEY, "wrong", "room", "list").err()).contains("20003");
    }

    @Test
    void saysWhatDoesNotExist() {
        for (List<String> command : List.of(
                List.of("room", "show", "nothing"),
                List.of("room", "end", "nothing"),
                List.of("participant", "list", "nothing"),
                List.of("participant", "show", "nothing", "alice"),
                List.of("participant", "kick", "nothing", "alice"),
                List.of("why", "nothing", "alice"))) {
            Result result = run(command.toArray(String[]::new));

            assertThat(result.exitCode()).as("%s", command).isEqualTo(1);
            assertThat(result.err()).as("%s", command).startsWith("rotunda: ").contains("20404");
            assertThat(result.out()).as("%s", command).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "room",
                "room show",
                "room end",
                "room kick x",
                "participant",
                "participant list",
                "participant show x",
                "participant kick x",
                "room list --limit many"
            })
    void refusesBadCommandLines(String command) {
        assertThat(run(command.split(" ", -1)).exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"room", "participant", "room list", "room end", "participant list", "participant kick"})
    void explainsItsOptions(String command) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.add("--help");

        assertThat(Main.commandLine().setOut(new PrintWriter(out, true)).execute(arguments.toArray(String[]::new)))
                .isZero();
        assertThat(out.toString()).contains("Usage: rotunda " + command);
    }
}
