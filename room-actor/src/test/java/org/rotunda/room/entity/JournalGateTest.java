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
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.HandJournal;
import org.rotunda.room.testkit.RoomSamples;

/** Tests a room while its journal fails or is slow, and afterwards. */
class JournalGateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ActorTestKit actors = ActorTestKit.create(
            "gate",
            PersistenceTestKitPlugin.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final PersistenceTestKit storage = PersistenceTestKit.create(actors.system());
    private final HandJournal journal = new HandJournal(storage);
    private final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    private final RoomStatistics statistics = new RoomStatistics();
    private final ActorRef<MediaNode.Command> node =
            actors.spawn(MediaNode.create(new MediaNodeGauge("media-1"), listener -> {
                FakeMediaRouter router = new FakeMediaRouter(listener);
                routers.add(router);
                return router;
            }));
    private final TestProbe<ClusterSharding.ShardCommand> shard = actors.createTestProbe();
    private final TestProbe<SessionNotice> alicesSocket = actors.createTestProbe();
    private final TestProbe<SessionNotice> bobsSocket = actors.createTestProbe();
    private final ActorRef<RoomCommand> entity = actors.spawn(RoomEntity.create(
            ROOM,
            shard.getRef(),
            RoomEntityFixture.environment(
                    RoomSamples.settings(), new FakeMediaNodes("media-1", node), statistics, Fence.NEVER)));
    private SessionId alice;
    private SessionId bob;

    @BeforeEach
    void startCall() {
        assertThat(answer((ActorRef<StatusReply<RoomView>> replyTo) ->
                                new RoomCommand.Create(ACCOUNT, "daily", properties(), replyTo))
                        .isSuccess())
                .isTrue();
        alice = connect("alice", alicesSocket);
        bob = connect("bob", bobsSocket);
    }

    @AfterEach
    void stop() {
        journal.returns();
        actors.shutdownTestKit();
    }

    @Test
    void isBusyWhileTheJournalIsAwayAndThenCarriesOutTheUpdates() {
        journal.goesAway();
        entity.tell(publish(alice, "cam"));
        awaitBusy();
        entity.tell(publish(bob, "mic"));

        assertThat(errorOf(tryConnect("carol", actors.createTestProbe()))).isEqualTo(RoomError.BUSY);
        assertThat(errorOf(answer((ActorRef<StatusReply<RoomView>> replyTo) -> new RoomCommand.Complete(replyTo))))
                .isEqualTo(RoomError.BUSY);
        assertThat(errorOf(this.<Done>answer(replyTo -> new RoomCommand.LimitLayers(
                        alice.participant(), TrackSid.random(new Random(1)), LayerLimit.NONE, replyTo))))
                .isEqualTo(RoomError.TRACK_INVALID); // The conductor still answers during the outage.

        journal.returns();

        awaitTracks(alicesSocket, "name-mic");
        awaitTracks(bobsSocket, "name-cam");
        assertThat(tryConnect("carol", actors.createTestProbe()).isSuccess()).isTrue();
        assertThat(statistics.updatesDropped()).isZero();
    }

    @Test
    void carriesOutUpdatesInOrderAfterAnAbsence() {
        journal.goesAway();
        entity.tell(publish(alice, "cam"));
        entity.tell(publish(bob, "mic"));
        entity.tell(new RoomCommand.Disconnect(bob));
        awaitBusy();
        journal.returns();

        awaitTracks(bobsSocket, "name-cam");
        awaitTracks(alicesSocket, "name-mic");
        awaitParticipants("alice");
    }

    @Test
    void refusesRequestsWhenTooManyCommandsWait() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        TestProbe<StatusReply<RoomView>> replies = actors.createTestProbe();
        for (int i = 0; i < JournalGate.BUSY_FROM; i++) {
            entity.tell(new RoomCommand.Fetch(replies.getRef()));
        }

        assertThat(errorOf(tryConnect("carol", actors.createTestProbe()))).isEqualTo(RoomError.BUSY);
        entity.tell(publish(bob, "mic"));
        replies.expectNoMessage(Duration.ofMillis(20));
        journal.returns();

        for (int i = 0; i < JournalGate.BUSY_FROM; i++) {
            assertThat(replies.receiveMessage(PATIENCE).isSuccess()).isTrue();
        }
        awaitTracks(alicesSocket, "name-mic");
        assertThat(statistics.refusedBusy()).isEqualTo(1);
    }

    @Test
    void makesAClientComeBackWhoseUpdatesItCannotKeep() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        for (int i = 0; i < JournalGate.WAITING_MAX; i++) {
            // This is Alice's socket and not Bob's, so the room ignores the message. It only takes a place in the
            // queue.
            entity.tell(new RoomCommand.SocketLost(bob, alicesSocket.getRef()));
        }
        entity.tell(publish(alice, "screen"));

        awaitSuperseded(alicesSocket);
        entity.tell(new RoomCommand.SocketLost(alice, alicesSocket.getRef()));
        journal.returns();

        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            StatusReply<SessionNotice.Synced> synced = sync(alice, "cam", "screen");
            assertThat(synced.isSuccess()).isTrue();
            assertThat(synced.getValue().snapshot().published().tracks()).hasSize(2);
            return true;
        });
        assertThat(statistics.updatesDropped()).isEqualTo(2);
    }

    /**
     * Tests a client that sends faster than the journal writes. While the journal writes Alice's first update, all
     * updates of Bob wait and are merged into one, which costs one write.
     */
    @Test
    void mergesTheWaitingUpdatesOfASession() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        for (int i = 0; i < 1000; i++) {
            entity.tell(new RoomCommand.Update(
                    bob,
                    client(2 + i, track(i % 2 == 0 ? "mic" : "other-mic", TrackKind.AUDIO)),
                    i < 2 ? List.of(answer(i)) : List.of()));
        }
        entity.tell(new RoomCommand.Update(alice, client(3, track("screen", TrackKind.VIDEO)), List.of()));
        journal.returns();

        awaitTracks(bobsSocket, "name-screen");
        awaitTracks(alicesSocket, "name-other-mic");
        assertThat(stored(RoomEvent.ParticipantRevised.class)).isEqualTo(3);
        // The unpublished track is Alice's first track.
        assertThat(stored(RoomEvent.TrackUnpublished.class)).isEqualTo(1);
        assertThat(statistics.updatesMerged()).isEqualTo(999);
    }

    /** Tests that all descriptions of merged updates reach the router in their order. */
    @Test
    void joinsTheDescriptionsOfMergedUpdates() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        for (int i = 0; i < 40; i++) {
            entity.tell(new RoomCommand.Update(bob, client(2 + i), List.of(answer(i))));
        }
        journal.returns();

        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(routers.get(0).commands(MediaCommand.RemoteDescription.class).stream()
                            .map(MediaCommand.RemoteDescription::description)
                            .filter(each -> each.type() == Description.Type.ANSWER)
                            .map(Description::revision))
                    .isEqualTo(LongStream.range(0, 40).boxed().toList());
            return true;
        });
    }

    /** Lists of candidates are joined, too. A merged update has no more of them than one message of a client. */
    @Test
    void joinsTheCandidatesOfMergedUpdates() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        int updates = ClientLimits.DESCRIPTIONS_MAX + 8;
        for (int i = 0; i < updates; i++) {
            ConnectionCandidates list = new ConnectionCandidates("pc-bob", "ufrag " + i, 0, List.of(), false);
            entity.tell(new RoomCommand.Update(bob, client(2 + i), List.of(), List.of(list)));
        }
        journal.returns();

        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(stored(RoomEvent.ParticipantRevised.class)).isEqualTo(3);
            return true;
        });
        assertThat(statistics.updatesMerged()).isEqualTo(updates - 2);
    }

    @Test
    void mergesNoUpdateWithOneBeforeASync() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        entity.tell(new RoomCommand.Update(bob, client(2, track("mic", TrackKind.AUDIO)), List.of()));
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        TestProbe<StatusReply<SessionNotice.Synced>> synced = actors.createTestProbe();
        entity.tell(new RoomCommand.Sync(
                bob, client(3, track("mic", TrackKind.AUDIO)), List.of(), socket.getRef(), synced.getRef()));
        entity.tell(new RoomCommand.Update(bob, client(4), List.of()));
        journal.returns();

        assertThat(synced.receiveMessage(PATIENCE)
                        .getValue()
                        .snapshot()
                        .published()
                        .tracks())
                .hasSize(1);
        assertThat(statistics.updatesMerged()).isZero();
    }

    @Test
    void givesUpAnUpdateThatCannotBeWritten() {
        journal.refuses(RoomEvent.TrackPublished.class);
        entity.tell(publish(alice, "cam"));

        awaitSuperseded(alicesSocket);
        journal.returns();

        entity.tell(publish(bob, "mic"));
        awaitTracks(alicesSocket, "name-mic");
        assertThat(statistics.updatesDropped()).isEqualTo(1);
    }

    @Test
    void leavesNobodyWaitingWhenItStops() {
        journal.stalls();
        entity.tell(publish(alice, "cam"));
        TestProbe<StatusReply<RoomView>> reply = actors.createTestProbe();
        entity.tell(new RoomCommand.Fetch(reply.getRef()));
        reply.expectNoMessage(Duration.ofMillis(20));

        actors.stop(entity);

        assertThat(errorOf(reply.receiveMessage(PATIENCE))).isEqualTo(RoomError.BUSY);
    }

    /** Returns the number of events of this kind in the journal. */
    private long stored(Class<?> event) {
        return storage.persistedInStorage(RoomEntity.persistenceId(ROOM.value())).stream()
                .map(each -> each instanceof Tagged tagged ? tagged.payload() : each)
                .filter(event::isInstance)
                .count();
    }

    private static ConnectionDescription answer(long revision) {
        return new ConnectionDescription("pc-bob", new Description(Description.Type.ANSWER, revision, "v=0\r\n"));
    }

    private static RoomCommand publish(SessionId session, String track) {
        return new RoomCommand.Update(session, client(2, track(track, TrackKind.VIDEO)), List.of());
    }

    private StatusReply<SessionNotice.Synced> sync(SessionId session, String... tracks) {
        ClientTrack[] published =
                Stream.of(tracks).map(each -> track(each, TrackKind.VIDEO)).toArray(ClientTrack[]::new);
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        return answer(
                replyTo -> new RoomCommand.Sync(session, client(3, published), List.of(), socket.getRef(), replyTo));
    }

    private SessionId connect(String identity, TestProbe<SessionNotice> socket) {
        return tryConnect(identity, socket).getValue().sessionId();
    }

    private StatusReply<Connected> tryConnect(String identity, TestProbe<SessionNotice> socket) {
        return answer(replyTo -> RoomSamples.connect(identity, socket.getRef(), replyTo));
    }

    private <T> StatusReply<T> answer(Function<ActorRef<StatusReply<T>>, RoomCommand> command) {
        TestProbe<StatusReply<T>> probe = actors.createTestProbe();
        entity.tell(command.apply(probe.getRef()));
        return probe.receiveMessage(PATIENCE);
    }

    /** Waits until the entity has noticed that its journal is away. */
    private void awaitBusy() {
        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(errorOf(this.<RoomView>answer(RoomCommand.Fetch::new))).isEqualTo(RoomError.BUSY);
            return true;
        });
    }

    private void awaitTracks(TestProbe<SessionNotice> socket, String name) {
        socket.fishForMessage(
                PATIENCE,
                notice -> names(notice).anyMatch(name::equals)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    private static Stream<String> names(SessionNotice notice) {
        return notice instanceof RoomChanged changed
                ? changed.participants().stream()
                        .flatMap(each -> each.tracks().stream())
                        .map(SessionNotice.RemoteTrack::name)
                : Stream.empty();
    }

    private void awaitParticipants(String... identities) {
        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(this.<ParticipantViews>answer(RoomCommand.ListParticipants::new)
                            .getValue()
                            .participants())
                    .extracting(ParticipantView::identity)
                    .containsExactly(identities);
            return true;
        });
    }

    private static void awaitSuperseded(TestProbe<SessionNotice> socket) {
        socket.fishForMessage(
                PATIENCE,
                notice -> notice instanceof SessionNotice.Superseded
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }
}
