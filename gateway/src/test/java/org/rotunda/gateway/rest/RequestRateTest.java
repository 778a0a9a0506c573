package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rotunda.gateway.limit.RateLimit;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomView;

/**
 * Requests beyond the rates, over HTTP. The gateway shares the rates with a thousand others, so it serves one request at
 * once, and the next one minutes later: no token comes back during a test.
 */
class RequestRateTest extends HttpFixture {
    private static final String OTHER = "AC00000000000000000000000000000002";

    @BeforeEach
    void restart() {
        server.close();
        server = GatewayFixture.start("""
            rotunda {
              accounts = [{ sid = %s, auth-tokens = [%s] }, { sid = %s, auth-tokens = [other] }]
              limits {
                reads-per-second = 4, writes-per-second = 2, failures-per-minute = 3
                accounts = [{ account = %s, writes-per-second = 0 }]
              }
            }
            """.formatted(GatewayFixture.ACCOUNT, GatewayFixture.AUTH_TOKEN, OTHER, OTHER));
        server.liveGateways.set(1000);
    }

    private static HttpResponse<String> create() {
        return post("/v1/Rooms", "");
    }

    private static void assertLimited(HttpResponse<String> response) {
        assertFails(response, 429, 20429);
        assertThat(response.headers().firstValue("Retry-After").map(Integer::parseInt))
                .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(1, ApiFault.RETRY_AFTER_MAX));
    }

    @Test
    void refusesTheWriteAfterTheLimitWithoutEffectAndServesReads() {
        assertThat(create().statusCode()).isEqualTo(201);
        assertLimited(create());

        assertThat(server.rooms.all()).hasSize(1);
        assertThat(get("/v1/Rooms").statusCode()).isEqualTo(200);
        assertThat(server.gateway.limitStatistics().refused(RateLimit.WRITES)).isEqualTo(1);
        assertThat(server.gateway.limitStatistics().refused(RateLimit.READS)).isZero();
    }

    @Test
    void refusesTheReadAfterTheLimitAndServesWrites() {
        assertThat(get("/v1/Rooms").statusCode()).isEqualTo(200);
        assertLimited(get("/v1/Rooms"));
        assertLimited(get("/v1/Nothing"));

        assertThat(create().statusCode()).isEqualTo(201);
    }

    @Test
    void countsRequestsThatFailToo() {
        assertFails(get("/v1/Nothing"), 404, 20404);

        assertLimited(get("/v1/Rooms"));
    }

    @Test
    @Timeout(10)
    void servesMoreWhenOtherGatewaysAreGone() {
        create();
        assertLimited(create());

        server.liveGateways.set(1);
        int status;
        do { // Two tokens a second come back now.
            status = create().statusCode();
        } while (status == 429);
        assertThat(status).isEqualTo(201);
    }

    @Test
    void anotherAccountHasItsOwnLimit() {
        create();
        assertLimited(create());

        for (int i = 0; i < 5; i++) {
            HttpRequest.Builder request = request("/v1/Rooms")
                    .setHeader("Authorization", basic(OTHER, "other"))
                    .header("Content-Type", FORM)
                    .POST(HttpRequest.BodyPublishers.noBody());
            assertThat(send(request).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void limitsFailuresOfAnAddressButNotValidCredentials() {
        for (int i = 0; i < 3; i++) {
            assertFails(guess("192.0.2.1"), 401, 20003);
        }
        assertLimited(guess("192.0.2.1"));

        assertFails(guess("192.0.2.2"), 401, 20003);
        assertThat(send(request("/v1/Rooms").header("X-Forwarded-For", "192.0.2.1"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.gateway.limitStatistics().refused(RateLimit.FAILURES)).isEqualTo(1);
    }

    private static HttpResponse<String> guess(String address) {
        return send(request("/v1/Rooms")
                .setHeader("Authorization", basic(GatewayFixture.ACCOUNT.value(), "guess"))
                .header("X-Forwarded-For", address));
    }

    @Test
    void answersNameTheRequestsInProgress() {
        server.liveGateways.set(1);
        RoomView room = newRoom("concurrent", Instant.parse("2024-03-01T10:00:00Z"));
        CompletableFuture<HttpResponse<String>> waiting = sendLater(request("/v1/Rooms/" + room.sid())
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("Status=completed")));
        RoomCommand.Complete complete = server.room.expectMessageClass(RoomCommand.Complete.class);

        assertThat(concurrent(get("/v1/Rooms"))).isEqualTo(2);

        complete.replyTo().tell(StatusReply.success(room));
        assertThat(concurrent(waiting.join())).isEqualTo(1);
        assertThat(concurrent(get("/v1/Nothing"))).isEqualTo(1);
        assertThat(guess("192.0.2.3").headers().firstValue("Twilio-Concurrent-Requests"))
                .isEmpty();
    }

    private static int concurrent(HttpResponse<String> response) {
        return Integer.parseInt(
                response.headers().firstValue("Twilio-Concurrent-Requests").orElseThrow());
    }
}
