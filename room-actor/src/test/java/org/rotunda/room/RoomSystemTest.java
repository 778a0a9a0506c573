package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.LiveRoom;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.readmodel.JdbcRoomQueries;
import org.rotunda.room.readmodel.JournalRows;
import org.rotunda.room.testkit.RoomSamples;

/** Tests a whole node with a real cluster of one node and a real database, but without media. */
class RoomSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CREATES = 300;
    private static final int NAMES = 12;

    private Path directory;

    private RoomNode node;

    @BeforeEach
    void startNode(@TempDir Path emptyDirectory) {
        directory = emptyDirectory;
        node = start();
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    @Test
    void aCallSurvivesARestartOfTheNode() {
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        TestProbe<SessionNotice> alicesSocket = node.actors().createTestProbe();
        Connected alice = connect(room.sid(), "alice", alicesSocket, track("cam", TrackKind.VIDEO));
        Connected bob = connect(room.sid(), "bob", node.actors().createTestProbe(), track("mic", TrackKind.AUDIO));
        assertThat(bob.snapshot().subscribed().tracks()).hasSize(1);
        RoomChanged bobCame = (RoomChanged) alicesSocket
                .fishForMessage(
                        PATIENCE,
                        notice -> notice instanceof RoomChanged
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
        assertThat(bobCame.participants())
                .singleElement()
                .satisfies(each -> assertThat(each.identity()).isEqualTo("bob"));

        node.stop();
        node = start();

        assertThat(await(node.rooms().find(ACCOUNT, "daily"))).isEqualTo(room);
        TestProbe<SessionNotice> freshSocket = node.actors().createTestProbe();
        Synced synced = await(node.rooms()
                .room(room.sid())
                .askWithStatus(
                        replyTo -> new RoomCommand.Sync(
                                alice.sessionId(),
                                client(1, track("cam", TrackKind.VIDEO)),
                                List.of(),
                                freshSocket.getRef(),
                                replyTo),
                        PATIENCE));
        assertThat(synced.participantSid()).isEqualTo(alice.participantSid());
        assertThat(synced.snapshot().published().tracks())
                .isEqualTo(alice.snapshot().published().tracks());
        assertThat(synced.snapshot().published().revision())
                .isGreaterThan(alice.snapshot().published().revision() + LiveRoom.REVISIONS_PER_EPOCH / 2);
        assertThat(synced.snapshot().participants())
                .singleElement()
                .satisfies(each -> assertThat(each.identity()).isEqualTo("bob"));
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(node.router().commands(DesiredTransport.class))
                    .anySatisfy(desired -> assertThat(desired.subscriptions()).hasSize(1));
            return null;
        });
    }

    @Test
    void aNameMeansOneRoomHoweverManyCallersRequestIt() {
        List<CompletableFuture<RoomView>> all = IntStream.range(0, 20)
                .mapToObj(i -> node.rooms()
                        .findOrCreate(ACCOUNT, "race", properties(50, 0))
                        .toCompletableFuture())
                .toList();

        assertThat(all.stream().map(RoomSystemTest::await).map(RoomView::sid).distinct())
                .hasSize(1);
        assertThatThrownBy(() -> await(node.rooms().create(ACCOUNT, "race", properties())))
                .hasCause(new RoomRefusal(RoomError.ROOM_EXISTS))
                .hasRootCauseInstanceOf(RoomRefusal.class);
    }

    @Test
    void aNameIsFreeAgainWhenItsRoomIsOver() {
        RoomView first = await(node.rooms().create(ACCOUNT, "daily", properties()));
        RoomView over = await(node.rooms().room(first.sid()).askWithStatus(RoomCommand.Complete::new, PATIENCE));

        RoomView second = await(node.rooms().create(ACCOUNT, "daily", properties()));

        assertThat(over.status()).isEqualTo(RoomStatus.COMPLETED);
        assertThat(second.sid()).isNotEqualTo(first.sid());
        assertThat(await(node.rooms().find(ACCOUNT, first.sid().value()))).isEqualTo(over);
        assertThat(await(node.rooms().find(ACCOUNT, "daily")).sid()).isEqualTo(second.sid());
    }

    @Test
    void theRowOfAFreeNameIsDeletedWhenItsEntityLeavesMemory() {
        String entityId = RoomName.entityId(ACCOUNT, "daily");
        String persistenceId = PersistenceId.of(RoomName.KEY.name(), entityId).id();
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        assertThat(JournalRows.states(node.database(), persistenceId)).isEqualTo(1);
        await(node.rooms().room(room.sid()).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE));
        ClusterSharding sharding = ClusterSharding.get(node.actors().system());

        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(300), () -> {
            sharding.entityRefFor(RoomName.KEY, entityId).tell(new RoomName.Idle());
            assertThat(JournalRows.states(node.database(), persistenceId)).isZero();
            return true;
        });
        assertThat(await(node.rooms().create(ACCOUNT, "daily", properties())).sid())
                .isNotEqualTo(room.sid());
        assertThat(JournalRows.states(node.database(), persistenceId)).isEqualTo(1);
    }

    @Test
    void aNameMayContainTheSeparatorOfPersistenceIds() {
        for (String name : List.of("a|b", "|", "|".repeat(128), "é|\uD83D\uDE00")) {
            RoomView room = await(node.rooms().create(ACCOUNT, name, properties()));

            assertThat(room.uniqueName()).isEqualTo(name);
            assertThat(await(node.rooms().findOrCreate(ACCOUNT, name, properties(50, 0))))
                    .isEqualTo(room);
            assertThat(await(node.rooms().find(ACCOUNT, name))).isEqualTo(room);
            await(node.rooms().room(room.sid()).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE));
            assertThat(await(node.rooms().findOrCreate(ACCOUNT, name, properties(50, 0)))
                            .sid())
                    .isNotEqualTo(room.sid());
        }
    }

    @Test
    void tellsWhoseRoomASidIs() {
        RoomSid room =
                await(node.rooms().create(ACCOUNT, "daily", properties())).sid();
        AccountSid another = new AccountSid("AC" + "9".repeat(32));
        Rooms elsewhere = rooms(PATIENCE, ((JdbcRoomQueries) node.queries())::room);

        for (Rooms rooms : List.of(node.rooms(), elsewhere, elsewhere)) {
            assertThat(await(rooms.isRoomOf(ACCOUNT, room))).isTrue();
            assertThat(await(rooms.isRoomOf(another, room))).isFalse();
            assertThat(await(rooms.isRoomOf(ACCOUNT, new RoomSid("RM" + "9".repeat(32)))))
                    .isFalse();
        }
    }

    @Test
    void anEntityThatCannotStartRefusesAtOnce() {
        ClusterSharding sharding = ClusterSharding.get(node.actors().system());
        Duration atOnce = Duration.ofSeconds(5); // If the entity stays silent, the test fails after this time.

        RoomName.Answer answer = await(sharding.entityRefFor(RoomName.KEY, "no|name")
                .<RoomName.Answer>ask(replyTo -> new RoomName.LookUp(replyTo), atOnce));
        assertThat(answer).isEqualTo(new RoomName.Refused(RoomError.ROOM_CREATE_FAILED));
        assertThatThrownBy(() -> await(sharding.entityRefFor(RoomEntity.KEY, "no SID")
                        .<RoomView>askWithStatus(RoomCommand.Fetch::new, atOnce)))
                .hasCause(new RoomRefusal(RoomError.ROOM_CREATE_FAILED));
    }

    @Test
    void listsARoomAtOnceAndItsParticipantsSoon() {
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        RoomView other = await(node.rooms().create(ACCOUNT, "", properties()));
        var inProgress = new RoomQueries.RoomFilter(RoomStatus.IN_PROGRESS, null, null, null);

        var first = await(node.queries().rooms(ACCOUNT, inProgress, new RoomQueries.PageRequest(1, null, null)));
        assertThat(first.records()).containsExactly(other);
        assertThat(first.more()).isTrue();
        var second = await(node.queries()
                .rooms(
                        ACCOUNT,
                        inProgress,
                        new RoomQueries.PageRequest(
                                1, other.createdAt(), other.sid().value())));
        assertThat(second.records()).containsExactly(room);
        assertThat(second.more()).isFalse();

        Connected alice = connect(room.sid(), "alice", node.actors().createTestProbe());
        await(node.rooms().room(room.sid()).askWithStatus(RoomCommand.Complete::new, PATIENCE));
        var anybody = new RoomQueries.ParticipantFilter(null, null, null, null);
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(await(node.queries()
                                    .participants(room.sid(), anybody, new RoomQueries.PageRequest(10, null, null)))
                            .records())
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.sid()).isEqualTo(alice.participantSid());
                        assertThat(row.status()).isEqualTo(ParticipantStatus.DISCONNECTED);
                        assertThat(row.endedAt()).isNotNull();
                    });
            return null;
        });
        assertThat(await(node.queries().participant(room.sid(), alice.participantSid())))
                .hasValueSatisfying(row -> assertThat(row.identity()).isEqualTo("alice"));
        assertThat(await(node.queries().participant(other.sid(), alice.participantSid())))
                .isEmpty();
    }

    @Test
    void anAnonymizedParticipantIsAnonymousInTheTablesAtOnce() {
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        ParticipantSid alice =
                connect(room.sid(), "alice", node.actors().createTestProbe()).participantSid();
        await(node.rooms().room(room.sid()).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE));
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(await(node.queries().participant(room.sid(), alice)))
                    .hasValueSatisfying(row -> assertThat(row.status()).isEqualTo(ParticipantStatus.DISCONNECTED));
            return null;
        });

        await(node.rooms()
                .room(room.sid())
                .<Done>askWithStatus(replyTo -> new RoomCommand.Anonymize(alice, replyTo), PATIENCE));

        assertThat(await(node.queries().participant(room.sid(), alice)))
                .hasValueSatisfying(row -> assertThat(row.identity()).isEqualTo(alice.value()));
    }

    @Test
    void aRoomIsFoundAfterItsJournalIsDeleted() {
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        RoomView over = await(node.rooms().room(room.sid()).askWithStatus(RoomCommand.Complete::new, PATIENCE));
        node.stop();

        node = RoomNode.start(
                database(directory),
                Map.of(
                        "rotunda.housekeeping.journal-keep",
                        "0s",
                        "rotunda.housekeeping.first-after",
                        "10ms",
                        "rotunda.housekeeping.interval",
                        "50ms"));

        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(JournalRows.events(node.database(), room.sid())).isZero();
            return true;
        });
        assertThat(await(node.rooms().find(ACCOUNT, room.sid().value()))).isEqualTo(over);
        assertThatThrownBy(() -> await(node.rooms()
                        .find(new AccountSid("AC" + "9".repeat(32)), room.sid().value())))
                .hasCause(new RoomRefusal(RoomError.ROOM_NOT_FOUND));
    }

    /**
     * Callers with short timeouts give up at any step, as callers do when nodes fail. Their unfinished claims must not
     * block a name.
     */
    @Test
    void noNameStaysBlockedAfterCreatesCompletionsAndTimeouts() {
        Rooms patient = rooms(PATIENCE);
        Random random = new Random(17);
        List<CompletableFuture<Object>> all = new ArrayList<>();
        Semaphore inFlight = new Semaphore(32);
        for (int i = 0; i < CREATES; i++) {
            String name = "name-" + random.nextInt(NAMES);
            Duration askTimeout = Duration.ofMillis(random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 10_000);
            boolean complete = random.nextInt(4) != 0;
            inFlight.acquireUninterruptibly();
            all.add(createAndPerhapsComplete(rooms(askTimeout), name, complete)
                    .whenComplete((done, failure) -> inFlight.release()));
        }
        all.forEach(RoomSystemTest::await);

        for (int i = 0; i < NAMES; i++) {
            String name = "name-" + i;
            node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(200), () -> {
                await(patient.find(ACCOUNT, name)
                        .thenCompose(room ->
                                patient.room(room.sid()).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE))
                        .exceptionally(notThere -> null));
                assertThat(await(patient.create(ACCOUNT, name, properties())).uniqueName())
                        .isEqualTo(name);
                return true;
            });
            assertThat(await(patient.find(ACCOUNT, name)).uniqueName()).isEqualTo(name);
        }
        var inProgress = new RoomQueries.RoomFilter(RoomStatus.IN_PROGRESS, null, null, null);
        var everything = new RoomQueries.PageRequest(CREATES, null, null);
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(200), () -> {
            assertThat(await(node.queries().rooms(ACCOUNT, inProgress, everything))
                            .records())
                    .extracting(RoomView::uniqueName)
                    .doesNotHaveDuplicates() // Two rooms in progress never have the same name.
                    .hasSize(NAMES);
            return true;
        });
    }

    /** The first create succeeds, but its answer comes too late. The repeat must find the room of the first one. */
    @Test
    void aRepeatedCreateFindsTheRoomWhoseAnswerWasLost() {
        Rooms rooms = node.rooms();
        for (String name : List.of("", "repeated")) {
            CreateAttempt attempt = CreateAttempt.first(new SecureRandom());
            RoomView created = await(rooms.create(ACCOUNT, name, properties(), attempt));
            RoomView again = await(rooms.create(ACCOUNT, name, properties(), attempt.again()));

            assertThat(again.sid()).isEqualTo(attempt.sid()).isEqualTo(created.sid());
            assertThatThrownBy(() -> await(rooms.create(ACCOUNT, name, properties(), attempt)))
                    .hasRootCauseInstanceOf(RoomRefusal.class);
        }
        // The name is taken, and the room has other properties than the caller asks for.
        CreateAttempt other = CreateAttempt.first(new SecureRandom());
        assertThat(await(rooms.create(ACCOUNT, "other", properties(), other)).sid())
                .isEqualTo(other.sid());
        assertThatThrownBy(() -> await(rooms.create(ACCOUNT, "other", properties(3, 5), other.again())))
                .hasRootCauseInstanceOf(RoomRefusal.class);
        assertThat(await(node.queries()
                                .rooms(
                                        ACCOUNT,
                                        new RoomQueries.RoomFilter(RoomStatus.IN_PROGRESS, null, null, null),
                                        new RoomQueries.PageRequest(10, null, null)))
                        .records())
                .hasSize(3);
    }

    private static CompletableFuture<Object> createAndPerhapsComplete(Rooms rooms, String name, boolean complete) {
        return rooms.create(ACCOUNT, name, properties())
                .thenCompose(room -> complete
                        ? rooms.room(room.sid()).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE)
                        : CompletableFuture.completedFuture(room))
                .handle((room, refusedOrTimedOut) -> (Object) name)
                .toCompletableFuture();
    }

    private Rooms rooms(Duration askTimeout) {
        return rooms(askTimeout, sid -> CompletableFuture.completedFuture(Optional.empty()));
    }

    private Rooms rooms(Duration askTimeout, Function<RoomSid, CompletionStage<Optional<RoomView>>> rows) {
        Map<String, Object> shorter = Map.of("rotunda.rooms.ask-timeout", askTimeout);
        return new ShardedRooms(
                ClusterSharding.get(node.actors().system()),
                RoomSettings.from(ConfigFactory.parseMap(shorter)
                        .withFallback(node.actors().system().settings().config())
                        .getConfig("rotunda")),
                new SecureRandom(),
                () -> false,
                rows);
    }

    private Connected connect(RoomSid room, String identity, TestProbe<SessionNotice> socket, ClientTrack... tracks) {
        return await(node.rooms()
                .room(room)
                .askWithStatus(replyTo -> RoomSamples.connect(identity, socket.getRef(), replyTo, tracks), PATIENCE));
    }

    /** Returns the settings of an empty database. */
    Map<String, Object> database(Path emptyDirectory) {
        return Map.of("rotunda.db.url", "jdbc:h2:file:" + emptyDirectory.resolve("rotunda"));
    }

    private RoomNode start() {
        return RoomNode.start(database(directory), Map.of());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
