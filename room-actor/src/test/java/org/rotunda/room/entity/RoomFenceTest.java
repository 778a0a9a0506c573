package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

/** Tests a room whose node was stopped or cut off. Meanwhile the room may have got another owner. */
class RoomFenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(100);

    private final ActorTestKit actors = ActorTestKit.create(
            "fence",
            PersistenceTestKitPlugin.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final PersistenceTestKit journal = PersistenceTestKit.create(actors.system());
    private final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    private final ActorRef<MediaNode.Command> node =
            actors.spawn(MediaNode.create(new MediaNodeGauge("media-1"), listener -> {
                FakeMediaRouter router = new FakeMediaRouter(listener);
                routers.add(router);
                return router;
            }));
    private final AtomicBoolean held = new AtomicBoolean();
    private final TestProbe<SessionNotice> socket = actors.createTestProbe();
    private ActorRef<RoomCommand> entity = spawn();

    @BeforeEach
    void isCreated() {
        assertThat(this.<RoomView>ask(replyTo -> new RoomCommand.Create(ACCOUNT, "daily", properties(), replyTo))
                        .isSuccess())
                .isTrue();
    }

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void decidesNothingWhileItIsHeld() {
        SessionId alice = connect("alice").sessionId();
        int written = written().size();
        hold();

        assertThat(errorOf(tryConnect("bob", actors.createTestProbe()))).isEqualTo(RoomError.BUSY);
        assertThat(errorOf(this.<RoomView>ask(RoomCommand.Fetch::new))).isEqualTo(RoomError.BUSY);
        entity.tell(new RoomCommand.Update(alice, client(2, track("cam", TrackKind.VIDEO)), List.of()));
        socket.expectNoMessage(A_WHILE);
        assertThat(written()).hasSize(written);

        release();

        assertThat(socket.expectMessageClass(SessionNotice.RoomChanged.class, PATIENCE)
                        .published())
                .isNotNull();
        assertThat(tryConnect("bob", actors.createTestProbe()).isSuccess()).isTrue();
    }

    /** Another owner may have written events while the fence was held. A later epoch must build on those events. */
    @Test
    void claimsNoEpochWhileItIsHeld() {
        connect("alice");
        hold();
        actors.stop(entity);

        entity = spawn(); // The new entity recovers and then wants to begin an epoch, as after a restart.

        assertThat(errorOf(tryConnect("bob", actors.createTestProbe()))).isEqualTo(RoomError.BUSY);
        socket.expectMessageClass(SessionNotice.Moved.class, PATIENCE);
        actors.createTestProbe().expectNoMessage(A_WHILE);
        assertThat(epochs()).containsExactly(1L);
        assertThat(routers.get(0).commands(MediaCommand.ReportTransport.class)).isEmpty();

        release();

        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(epochs()).containsExactly(1L, 2L);
            assertThat(routers.get(0).commands(MediaCommand.ReportTransport.class))
                    .hasSize(1);
            return null;
        });
    }

    @Test
    void stopsWhenAnotherOwnerHasSpokenAndWritesNothingMore() {
        Connected alice = connect("alice");
        TestProbe<MediaNode.Notice> otherOwner = actors.createTestProbe();
        TransportId transport =
                new TransportId(ROOM.value(), alice.participantSid().value(), "pc-alice");
        node.tell(new MediaNode.Deliver(new MediaCommand.ReportTransport(transport, 7), otherOwner.getRef()));
        otherOwner.receiveMessage(PATIENCE);
        int written = written().size();

        entity.tell(new RoomCommand.Update(alice.sessionId(), client(2, track("cam", TrackKind.VIDEO)), List.of()));

        socket.fishForMessage(
                PATIENCE,
                notice -> notice instanceof SessionNotice.Moved
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        actors.createTestProbe().expectTerminated(entity, PATIENCE);
        assertThat(written().size())
                .as("at most the decision whose command was refused")
                .isLessThanOrEqualTo(written + 2);
        assertThat(routers.get(0).open()).contains(transport);
        routers.get(0).happens(new MediaEvent.StateChanged(transport, MediaEvent.State.CONNECTED));
        assertThat(otherOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isInstanceOf(MediaEvent.StateChanged.class);
    }

    private ActorRef<RoomCommand> spawn() {
        return actors.spawn(RoomEntity.create(
                ROOM,
                actors.system().ignoreRef(),
                RoomEntityFixture.environment(
                        RoomSamples.settings(), new FakeMediaNodes("media-1", node), new RoomStatistics(), held::get)));
    }

    private void hold() {
        // FenceChanged need not be published, because the entity asks the fence before every decision.
        held.set(true);
    }

    private void release() {
        held.set(false);
        actors.system().eventStream().tell(new EventStream.Publish<>(new FenceChanged(false)));
    }

    private List<Object> written() {
        return journal.persistedInStorage(RoomEntity.persistenceId(ROOM.value()));
    }

    private List<Long> epochs() {
        return written().stream()
                .filter(RoomEvent.RoomHosted.class::isInstance)
                .map(event -> ((RoomEvent.RoomHosted) event).epoch())
                .toList();
    }

    private Connected connect(String identity) {
        Connected connected = tryConnect(identity, socket).getValue();
        // This is the answer to the client's first offer.
        socket.expectMessageClass(SessionNotice.Descriptions.class, PATIENCE);
        return connected;
    }

    private StatusReply<Connected> tryConnect(String identity, TestProbe<SessionNotice> from) {
        return ask(replyTo -> RoomSamples.connect(identity, from.getRef(), replyTo));
    }

    private <T> StatusReply<T> ask(Function<ActorRef<StatusReply<T>>, RoomCommand> command) {
        TestProbe<StatusReply<T>> probe = actors.createTestProbe();
        entity.tell(command.apply(probe.getRef()));
        return probe.receiveMessage(PATIENCE);
    }
}
