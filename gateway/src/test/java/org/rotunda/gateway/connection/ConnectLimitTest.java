package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.limit.RateLimit;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.RoomCommand;

class ConnectLimitTest extends SessionFixture {

    @BeforeEach
    void oneConnectASecond() {
        restart("rotunda.limits.connects-per-second = 1, rotunda.signaling.busy-retry = 600 ms");
    }

    @Test
    void aClientBeyondTheRateWaitsOnItsSocketAndComesInLater() {
        join();
        SignalingClient second = server.signaling();
        JsonNode frame = null;
        int waits = 0;
        do {
            second.send(hello(ice(token()))); // The client waits before it says hello again; this one does not.
            frame = second.next();
            if (frame.path("type").asText().equals("busy")) {
                waits++;
                assertThat(frame.path("keepAlive").asBoolean()).isTrue();
                assertThat(frame.path("retryAfter").asLong()).isBetween(600L, 2 * ConnectLimit.PAUSE_MAX.toMillis());
            }
        } while (frame.path("type").asText().equals("busy"));

        assertThat(waits).isPositive();
        assertThat(frame.path("type").asText()).isEqualTo("welcome");
        second.body("iced");
        second.send(msg(connect(token(), "daily"))); // This is the same connect, so it is not counted again.
        expect(RoomCommand.Connect.class);
        assertThat(server.gateway.limitStatistics().refused(RateLimit.CONNECTS)).isEqualTo(waits);
    }

    @Test
    void aResumeNeverWaits() {
        join();
        String session = earlier().sessionId().value();

        server.signaling().send(hello(sync(token(), session)));

        expect(RoomCommand.Sync.class);
    }

    @Test
    void aBadTokenIsRefusedAndNotCounted() {
        SignalingClient client = server.signaling().send(hello(ice("bad")));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        assertFailsWith(client, 20101);

        join();
    }

    @Test
    void anOldClientThatSaysHelloWithoutARequestIsRefusedAsBusy() {
        join();
        SignalingClient second = server.signaling().send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\"}");
        assertThat(second.next().path("type").asText()).isEqualTo("welcome");

        second.send(msg(connect(token(), "daily")));

        assertFailsWith(second, 53006);
    }
}
