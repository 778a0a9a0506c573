package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.AccountSteps;
import org.rotunda.gateway.testkit.FakeErasure.Asked;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.IdentityErasure.Place;
import org.rotunda.room.protocol.IdentityErasure.Step;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;

/** Tests the resource that erases identities. */
class ErasureResourceTest extends AccountSteps {
    private static final Instant CREATED = Instant.parse("2024-03-01T10:15:30.123456Z");

    @Test
    void eachRequestContinuesWhereTheOneBeforeHasStopped() {
        RoomSid left = RoomSid.random(RANDOM);
        for (RoomStatus status : List.of(RoomStatus.IN_PROGRESS, RoomStatus.COMPLETED)) {
            Place place = new Place(status, CREATED, RoomSid.random(RANDOM).value());
            server.erasure.prepare(new Step(50, 3, 2, 1, List.of(left), place));

            JsonNode first = answer(200, post("/v1/Erasures", "Identity=erin%2B1%40example.com"));
            JsonNode last = answer(
                    200,
                    post(
                            "/v1/Erasures",
                            "Identity=erin%2B1%40example.com&PageToken="
                                    + first.path("next_page_token").asText()));

            assertThat(first).isEqualTo(json("""
                    {"account_sid":"%s","rooms_searched":50,"participants_erased":3,"journals_deleted":2,
                     "status_callbacks_erased":1,"rooms_left":["%s"],"next_page_token":"%s"}""".formatted(
                    GatewayFixture.ACCOUNT, left, first.path("next_page_token").asText())));
            assertThat(last.path("next_page_token").isNull()).isTrue();
            assertThat(last.path("rooms_left")).isEmpty();
            assertThat(server.erasure.takeAsked())
                    .containsExactly(
                            new Asked(GatewayFixture.ACCOUNT, "erin+1@example.com", null),
                            new Asked(GatewayFixture.ACCOUNT, "erin+1@example.com", place));
        }
    }

    /** A caller with only an API key must not be able to destroy the records of an account. */
    @Test
    void needsAnAuthToken() {
        HttpResponse<String> response = post(newKey(PARENT), "/v1/Erasures", "Identity=alice");

        assertFails(response, 403, 20006);
        assertThat(server.erasure.takeAsked()).isEmpty();
    }

    @Test
    void concernsTheCallersAccountOnly() {
        Login subaccount = newSubaccount("erasing");

        answer(200, post(subaccount, "/v1/Erasures", "Identity=alice"));

        assertThat(server.erasure.takeAsked())
                .extracting(asked -> asked.account().value())
                .containsExactly(subaccount.user());
    }
}
