package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.rotunda.gateway.auth.AccessTokenMint;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.RoomSid;

/**
 * Tests on a whole node that a room with any allowed name can be created, fetched, joined, listed and completed. Also
 * tests that a track name which cannot be stored affects only its own track.
 */
class RoomNamesProperties {
    private static final String KEY = "SK00000000000000000000000000000001";
    private static final String BASIC = "Basic "
            + Base64.getEncoder()
                    .encodeToString(
                            "AC00000000000000000000000000000001:dev-auth-token".getBytes(StandardCharsets.US_ASCII));
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Config CONFIG = NodeConfiguration.dev(Map.of(
            "rotunda.http.port", "0",
            "rotunda.management.port", "0",
            "rotunda.media.port", "0",
            "rotunda.media.loops", "1",
            "rotunda.db.url", "\"jdbc:h2:mem:names;DB_CLOSE_DELAY=-1\""));
    private static final Accounts ACCOUNTS = Accounts.from(CONFIG.getConfigList("rotunda.accounts"));
    private static final RotundaNode NODE = RotundaNode.start(CONFIG);

    @AfterContainer
    static void stop() {
        NODE.close();
    }

    @Property(tries = 30)
    void everyNameCanBeUsed(@ForAll("names") String name) throws IOException, InterruptedException {
        JsonNode created = answer(201, post("/v1/Rooms", "UniqueName=" + form(name)));
        String sid = created.path("sid").asText();
        assertThat(created.path("unique_name").asText()).isEqualTo(name);

        // In a URL path, these two names would be read as references to another path.
        if (!name.equals(".") && !name.equals("..")) {
            assertThat(answer(200, get("/v1/Rooms/" + path(name))).path("sid").asText())
                    .isEqualTo(sid);
        }
        assertThat(join(name).path("sid").asText()).isEqualTo(sid);
        assertThat(sids(get("/v1/Rooms?UniqueName=" + form(name)))).containsExactly(sid);
        assertThat(answer(202, post("/v1/Rooms/" + sid, "Status=completed"))
                        .path("status")
                        .asText())
                .isEqualTo("completed");
        assertThat(sids(get("/v1/Rooms?UniqueName=" + form(name)))).isEmpty();
        assertThat(sids(get("/v1/Rooms?Status=completed&UniqueName=" + form(name))))
                .contains(sid);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> nasty = Arbitraries.of(
                "|",
                ":",
                "#",
                "%",
                "%7C",
                "/",
                "\\",
                "?",
                "&",
                "=",
                "+",
                " ",
                ".",
                "..",
                "*",
                "$",
                "'",
                "\"",
                ";",
                "\n",
                "\u0001",
                "\u007F",
                "é",
                "\u0300",
                "\u2028",
                "\uFFFE",
                "\uD83D\uDE00",
                "RM",
                "a",
                "Z",
                "0");
        Arbitrary<String> mixed =
                nasty.list().ofMinSize(1).ofMaxSize(12).map((List<String> parts) -> String.join("", parts));
        Arbitrary<String> longest = nasty.map(part -> part.repeat(128 / part.length()));
        Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(128);
        return Arbitraries.oneOf(nasty, mixed, longest, any)
                .filter(name -> NameFault.of(name) == null && !RoomSid.isValid(name));
    }

    @Example
    void aTrackNameThatCannotBeStoredIsRefusedAloneAndTheRoomGoesOn() {
        JsonNode tracks = join("half", "alice", "\\ud800").published();

        assertThat(tracks.findValuesAsText("state")).containsExactlyInAnyOrder("failed", "ready");
        assertThat(tracks.findValuesAsText("code")).containsExactly("53303");
        assertThat(join("half", "bob", "camera").published().findValuesAsText("state"))
                .containsOnly("ready");
    }

    /** The answer to a connect, and the list of the client's own tracks after the room has decided on each track. */
    private record Joined(JsonNode connected, JsonNode published) {}

    private static JsonNode join(String name) {
        JsonNode connected = join(name, "alice", "camera").connected();
        assertThat(connected.path("name").asText()).isEqualTo(name);
        return connected;
    }

    /**
     * Joins and leaves a room.
     *
     * @param track the name of the track, as the inside of a JSON string
     */
    private static Joined join(String room, String identity, String track) {
        URI http = URI.create(NODE.httpUrl());
        SignalingClient client = SignalingClient.connect(new InetSocketAddress(http.getHost(), http.getPort()));
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        connect.put("name", room)
                .put(
                        "token",
                        AccessTokenMint.mint(
                                ACCOUNTS.key(KEY).orElseThrow(),
                                identity,
                                null,
                                Clock.systemUTC().instant(),
                                Duration.ofHours(1)));
        ((ObjectNode) connect.at("/participant/tracks/0")).put("name", "TRACK");
        ObjectNode hello = JSON.createObjectNode().put("type", "hello").put("version", 2);
        hello.put("id", "1").put("timeout", 5000).set("body", connect);
        client.send(hello.toString().replace("\"TRACK\"", "\"" + track + "\""));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        JsonNode connected = client.body("connected");
        JsonNode tracks = connected.at("/published/tracks");
        while (tracks.isMissingNode() || tracks.findValuesAsText("state").contains("created")) {
            tracks = client.body("update").at("/published/tracks"); // The room's decision comes in a later update.
        }
        client.send("{\"type\":\"bye\"}").close(1000);
        return new Joined(connected, tracks);
    }

    private static List<String> sids(HttpResponse<String> list) throws IOException {
        return answer(200, list).path("rooms").findValuesAsText("sid");
    }

    private static JsonNode answer(int status, HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
        return HTTP.send(
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(NODE.httpUrl() + path)).header("Authorization", BASIC);
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String path(String segment) {
        return form(segment).replace("+", "%20");
    }
}
