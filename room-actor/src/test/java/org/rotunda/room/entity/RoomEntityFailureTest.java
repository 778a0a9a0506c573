package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.LiveRoom;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

/** Tests a room whose journal fails, or whose actors stop. */
class RoomEntityFailureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ActorTestKit actors = ActorTestKit.create(
            "failure",
            PersistenceTestKitPlugin.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final PersistenceTestKit journal = PersistenceTestKit.create(actors.system());
    private final ActorRef<MediaNode.Command> node =
            actors.spawn(MediaNode.create(new MediaNodeGauge("media-1"), FakeMediaRouter::new));
    private final TestProbe<ClusterSharding.ShardCommand> shard = actors.createTestProbe();
    private final TestProbe<SessionNotice> socket = actors.createTestProbe();
    private final ActorRef<RoomCommand> entity = actors.spawn(RoomEntity.create(
            ROOM,
            shard.getRef(),
            RoomEntityFixture.environment(
                    RoomSamples.passivatingSettings(),
                    new FakeMediaNodes("media-1", node),
                    new RoomStatistics(),
                    Fence.NEVER)));

    @BeforeEach
    void create() {
        TestProbe<StatusReply<RoomView>> created = actors.createTestProbe();
        entity.tell(new RoomCommand.Create(ACCOUNT, "daily", properties(), created.getRef()));
        assertThat(created.receiveMessage(PATIENCE).isSuccess()).isTrue();
    }

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void theCallGoesOnWhileTheJournalIsAway() {
        SessionId alice = connect();
        var publish = new RoomCommand.Update(alice, client(2, track("cam", TrackKind.VIDEO)), List.of());

        journal.failNextPersisted();
        entity.tell(publish);

        RoomChanged notice =
                // This is the next notice, so the session was neither superseded nor ended.
                (RoomChanged) socket.receiveMessage(PATIENCE);
        assertThat(notice.published()).isNotNull().satisfies(published -> {
            assertThat(published.tracks()).hasSize(1);
            assertThat(published.revision()).isGreaterThan(2 * LiveRoom.REVISIONS_PER_EPOCH);
        });
    }

    @Test
    void asksToBePassivatedWhenItIsOver() {
        TestProbe<StatusReply<RoomView>> completed = actors.createTestProbe();

        entity.tell(new RoomCommand.Complete(completed.getRef()));

        assertThat(completed.receiveMessage(PATIENCE).isSuccess()).isTrue();
        assertThat(shard.receiveMessage(
                        RoomSamples.passivatingSettings().passivateAfter().plus(PATIENCE)))
                .isInstanceOf(ClusterSharding.Passivate.class);
    }

    private SessionId connect() {
        TestProbe<StatusReply<SessionNotice.Connected>> connected = actors.createTestProbe();
        entity.tell(RoomSamples.connect("alice", socket.getRef(), connected.getRef()));
        SessionId sessionId = connected.receiveMessage(PATIENCE).getValue().sessionId();
        socket.expectMessageClass(SessionNotice.Descriptions.class);
        return sessionId;
    }
}
