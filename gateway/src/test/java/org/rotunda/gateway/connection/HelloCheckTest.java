package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.RoomCommand;

/** Tests which clients are turned away at the hello, and whether they are told to try again on the same socket. */
class HelloCheckTest extends SessionFixture {
    @Test
    void sendsClientsAwayWhenTheNodeIsFull() {
        restart("rotunda.signaling.sessions-max = 1");
        join();
        SignalingClient second = server.signaling().send(hello(ice(token())));

        assertThat(second.next().path("type").asText()).isEqualTo("busy");
    }

    @Test
    void letsClientsWaitWhileTheDatabaseIsAwayAndLetsThemInAfterwards() {
        server.rooms.away(true);
        SignalingClient client = server.signaling().send(hello(ice(token())));
        for (int i = 1; i <= HelloCheck.AWAY_ON_SOCKET_MAX; i++) {
            JsonNode busy = client.next();
            assertThat(busy.path("type").asText()).isEqualTo("busy");
            assertThat(busy.path("retryAfter").asInt()).isBetween(1000, 2000);
            assertThat(busy.path("keepAlive").asBoolean()).isEqualTo(i < HelloCheck.AWAY_ON_SOCKET_MAX);
            if (i == HelloCheck.AWAY_ON_SOCKET_MAX) {
                server.rooms.away(false);
            }
            client.send(hello(ice(token())));
        }

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        client.body("iced");
    }

    @Test
    void answersAResumeWithBusyWhileTheDatabaseIsAway() {
        server.rooms.away(true);
        String session = earlier().sessionId().value();
        SignalingClient client = server.signaling().send(hello(sync(token(), session)));
        assertThat(client.next().path("type").asText()).isEqualTo("busy");

        server.rooms.away(false);
        client.send(hello(sync(token(), session)));

        expect(RoomCommand.Sync.class);
    }
}
