package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.RoomCommand;

/** Tests clients that wait for their turn, over real WebSockets. */
class JoinTurnTest extends SessionFixture {
    @BeforeEach
    void joinsCountForLongerThanATestTakes() {
        restart("rotunda.signaling.join-target = 60 s");
    }

    @Test
    void aClientWaitsOnItsSocketUntilAnotherJoinIsDone() {
        List<RoomCommand.Connect> underWay = occupy();
        SignalingClient late = server.signaling().send(hello(ice(token())));

        JsonNode busy = late.next();
        assertThat(busy.path("type").asText()).isEqualTo("busy");
        assertThat(busy.path("keepAlive").asBoolean()).isTrue();
        assertThat(busy.path("retryAfter").asLong())
                .isBetween(Sessions.ASK_AGAIN_MIN.toMillis(), Sessions.ASK_AGAIN_MAX.toMillis());
        late.send(hello(ice(token())));
        assertThat(late.next().path("type").asText()).as("asked again").isEqualTo("busy");
        assertThat(server.gateway.statistics().snapshot().joinsWaiting()).isEqualTo(1);

        underWay.get(0)
                .replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        assertThat(late.next().path("type").asText()).as("without asking").isEqualTo("welcome");
        late.body("iced");
        assertThat(server.gateway.statistics().snapshot().joinsWaiting()).isZero();
        assertThat(server.gateway.statistics().snapshot().joinWait().count()).isEqualTo(1);
        assertThat(server.gateway.statistics().snapshot().busy()).isZero();
    }

    @Test
    void aClientThatLeavesMakesWay() {
        List<RoomCommand.Connect> underWay = occupy();
        SignalingClient first = server.signaling().send(hello(ice(token())));
        assertThat(first.next().path("type").asText()).isEqualTo("busy");
        SignalingClient second = server.signaling().send(hello(ice(token())));
        assertThat(second.next().path("type").asText()).isEqualTo("busy");
        first.abort();

        underWay.get(0)
                .replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        assertThat(second.next().path("type").asText()).isEqualTo("welcome");
    }

    @Test
    void aResumeAndABadTokenNeverWait() {
        occupy();
        String session = connected(server.rooms.all().get(0).sid()).sessionId().value();

        server.signaling().send(hello(sync(token(), session)));
        SignalingClient bad = server.signaling().send(hello(ice("bad")));

        expect(RoomCommand.Sync.class);
        assertThat(bad.next().path("type").asText()).isEqualTo("welcome");
        assertFailsWith(bad, 20101);
    }

    @Test
    void aFullLineSendsTheClientToAnotherSocket() {
        restart("rotunda.signaling.joins-waiting-max = 0, rotunda.signaling.join-target = 60 s");
        occupy();

        JsonNode busy = server.signaling().send(hello(ice(token()))).next();

        assertThat(busy.path("type").asText()).isEqualTo("busy");
        assertThat(busy.path("keepAlive").asBoolean()).isFalse();
        assertThat(server.gateway.statistics().snapshot().busy()).isEqualTo(1);
    }

    @Test
    void aDrainSendsThoseWhoWaitToAnotherNode() {
        occupy();
        SignalingClient late = server.signaling().send(hello(ice(token())));
        assertThat(late.next().path("keepAlive").asBoolean()).isTrue();
        SignalingClient silent = server.signaling();

        CompletionStage<Done> drained = server.gateway.drain(Duration.ofMillis(100));

        JsonNode busy = late.next();
        assertThat(busy.path("type").asText()).isEqualTo("busy");
        assertThat(busy.path("keepAlive").asBoolean()).isFalse();
        silent.send(hello(ice(token())));
        assertThat(silent.next().path("keepAlive").asBoolean(true)).isFalse();
        assertThat(drained).as("the joins that are under way").isNotDone();
    }

    /** Lets as many clients connect as may be under way. Their rooms do not answer yet. */
    private List<RoomCommand.Connect> occupy() {
        List<RoomCommand.Connect> underWay = new ArrayList<>();
        for (int i = 0; i < JoinLine.UNDER_WAY_START; i++) {
            server.signaling().send(hello(connect(token(), "daily")));
            underWay.add(expect(RoomCommand.Connect.class));
        }
        return underWay;
    }
}
