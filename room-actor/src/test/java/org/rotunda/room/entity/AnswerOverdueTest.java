package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Descriptions;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

/** Tests a client that does not answer offers. */
class AnswerOverdueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ActorTestKit actors = ActorTestKit.create(
            "overdue",
            PersistenceTestKitPlugin.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final RoomStatistics statistics = new RoomStatistics();
    private final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    private final ActorRef<MediaNode.Command> node =
            actors.spawn(MediaNode.create(new MediaNodeGauge("media-1"), listener -> {
                FakeMediaRouter router = new FakeMediaRouter(listener);
                routers.add(router);
                return router;
            }));
    private final FakeMediaNodes nodes = new FakeMediaNodes("media-1", node);
    private final TestProbe<SessionNotice> socket = actors.createTestProbe();
    private final ActorRef<RoomCommand> entity = actors.spawn(RoomEntity.create(
            ROOM,
            actors.system().ignoreRef(),
            RoomEntityFixture.environment(RoomSamples.settings(), nodes, statistics, Fence.NEVER)));

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void getsOneFreshConnectionAndIsThenGivenUp() {
        ParticipantSid alice = connect();

        overdue(alice, "pc-alice");

        List<ConnectionDescription> told =
                socket.expectMessageClass(Descriptions.class, PATIENCE).descriptions();
        assertThat(told).hasSize(2);
        ConnectionDescription close = told.get(0);
        assertThat(close.connectionId()).isEqualTo("pc-alice");
        assertThat(close.description().type()).isEqualTo(Description.Type.CLOSE);
        ConnectionDescription request = told.get(1);
        assertThat(request.connectionId()).isNotEqualTo("pc-alice");
        assertThat(request.description().type()).isEqualTo(Description.Type.CREATE_OFFER);

        LoggingTestKit.warn("given up").expect(actors.system(), () -> {
            overdue(alice, request.connectionId());
            return null;
        });
        socket.expectNoMessage(Duration.ofMillis(50));
        assertThat(statistics.answersOverdue()).isEqualTo(2);
        assertThat(statistics.answersGivenUp()).isEqualTo(1);
    }

    @Test
    void getsItsFreshConnectionWhenThereIsANodeForIt() {
        ParticipantSid alice = connect();
        nodes.lose("media-1");
        overdue(alice, "pc-alice");
        socket.expectNoMessage(Duration.ofMillis(200)); // There is no media node now.

        nodes.add("media-1", node);
        actors.system().eventStream().tell(new EventStream.Publish<>(nodes.takeChanges()));

        // Skips the answer on the old connection, which the media node repeats. The notice with two descriptions closes
        // the old connection and asks for an offer on a fresh connection.
        socket.fishForMessage(
                PATIENCE,
                notice -> notice instanceof Descriptions told
                                && told.descriptions().size() == 2
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    private void overdue(ParticipantSid participant, String connectionId) {
        routers.get(0)
                .happens(new MediaEvent.AnswerOverdue(
                        new TransportId(ROOM.value(), participant.value(), connectionId), 2));
    }

    private ParticipantSid connect() {
        TestProbe<StatusReply<RoomView>> created = actors.createTestProbe();
        entity.tell(new RoomCommand.Create(ACCOUNT, "daily", properties(), created.getRef()));
        created.receiveMessage(PATIENCE);
        TestProbe<StatusReply<Connected>> connected = actors.createTestProbe();
        entity.tell(RoomSamples.connect("alice", socket.getRef(), connected.getRef()));
        ParticipantSid alice =
                connected.receiveMessage(PATIENCE).getValue().sessionId().participant();
        socket.expectMessageClass(Descriptions.class, PATIENCE);
        return alice;
    }
}
