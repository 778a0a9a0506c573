package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;

/** Every request is answered in time with an error of ours, although its room never answers. */
class AnswerTimeoutTest extends HttpFixture {
    @BeforeEach
    void restart() {
        server.close();
        server = GatewayFixture.start("rotunda.http.answer-timeout = 1200 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UniqueName=endless", "UnusedRoomTimeout=7"})
    void aCreateThatTakesTooLongIsContinuedByItsRepeat(String form) {
        int before = server.rooms.all().size();
        server.rooms.delayAnswers(1);
        assertFails(post("/v1/Rooms", form), 500, 20500);
        HttpResponse<String> repeated = post("/v1/Rooms", form);

        assertThat(repeated.statusCode()).isEqualTo(201);
        assertThat(server.rooms.all()).hasSize(before + 1);
        JsonNode room = json(repeated);
        assertThat(json(get("/v1/Rooms/" + room.path("sid").asText()))).isEqualTo(room);
    }
}
