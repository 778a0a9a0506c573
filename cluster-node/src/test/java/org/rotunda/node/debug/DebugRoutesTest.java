package org.rotunda.node.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/** Tests the descriptions of rooms on the management port of a whole node. */
class DebugRoutesTest {
    private static final RoomProperties PROPERTIES = new RoomProperties(
            RoomType.GROUP, 50, 14_400, 5, 5, false, List.of(VideoCodec.VP8), "us1", false, false, null, "POST");
    private static RotundaNode node;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:debug;DB_CLOSE_DELAY=-1\"")));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void describesARoomOfTheCluster() throws Exception {
        RoomSid room = node.rooms()
                .create(new AccountSid("AC00000000000000000000000000000001"), "daily", PROPERTIES)
                .toCompletableFuture()
                .join()
                .sid();

        HttpResponse<String> answer = get("/debug/rooms/" + room);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertThat(json.path("room").asText()).isEqualTo(room.value());
        assertThat(json.path("name").asText()).isEqualTo("daily");
        assertThat(json.path("epoch").asLong()).isEqualTo(1);
        assertThat(json.path("members").isArray()).isTrue();
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        String unknown = "RM" + "f".repeat(32);

        assertThat(get("/debug/rooms/" + unknown).statusCode()).isEqualTo(404);
        assertThat(get("/debug/rooms/" + unknown).body()).contains("Room not found");
        assertThat(get("/debug/router/" + unknown).statusCode()).isEqualTo(404);
        assertThat(get("/debug/router/" + unknown).body()).contains("no transport of the room");
    }

    @Test
    void refusesWhatIsNoSid() throws Exception {
        assertThat(get("/debug/rooms/daily").statusCode()).isEqualTo(400);
        assertThat(get("/debug/router/..").statusCode()).isIn(400, 404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(node.managementUrl() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
