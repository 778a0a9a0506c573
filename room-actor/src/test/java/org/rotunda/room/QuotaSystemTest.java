package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.quota.SeatKind;

/** Tests the quotas of accounts on a whole node with a real cluster of one node and a real database. */
class QuotaSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROOMS = 4;
    private static final int PARTICIPANTS = 6;
    private static final AccountSid OTHER = new AccountSid("AC" + "9".repeat(32));

    private RoomNode node;
    private Path directory;

    @BeforeEach
    void start(@TempDir Path emptyDirectory) {
        directory = emptyDirectory;
        node = start();
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    private RoomNode start() {
        Map<String, Object> overrides = new HashMap<>();
        overrides.put("rotunda.limits.concurrent-rooms", ROOMS);
        overrides.put("rotunda.limits.concurrent-participants", PARTICIPANTS);
        overrides.put("rotunda.limits.seat-renewal", "200ms");
        return RoomNode.start(database(), overrides);
    }

    /** Returns the settings of the database. */
    Map<String, Object> database() {
        return Map.of("rotunda.db.url", "jdbc:h2:file:" + directory.resolve("rotunda"));
    }

    private CompletionStage<RoomView> create(AccountSid account) {
        return node.rooms().create(account, "", properties(50, 5));
    }

    private CompletionStage<Connected> connect(RoomSid room, String identity) {
        TestProbe<SessionNotice> socket = node.actors().createTestProbe();
        return node.rooms()
                .room(room)
                .askWithStatus(
                        replyTo -> new RoomCommand.Connect(
                                ACCOUNT,
                                identity,
                                client(1),
                                true,
                                Set.of(),
                                offer("c-" + identity),
                                socket.getRef(),
                                replyTo),
                        PATIENCE);
    }

    private void complete(RoomSid room) {
        await(node.rooms().room(room).askWithStatus(RoomCommand.Complete::new, PATIENCE));
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static void assertRefused(ThrowingCallable call, RoomError error) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        failure -> assertThat(Failures.rootCause(failure))
                                .isInstanceOfSatisfying(
                                        RoomRefusal.class,
                                        refusal -> assertThat(refusal.error()).isEqualTo(error)));
    }

    /** Waits until the account has counted this many seats. */
    private void awaitSeats(SeatKind kind, long seats) {
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(node.system().quotaStatistics().taken(kind)).isEqualTo(seats);
            return null;
        });
    }

    /** Waits for all and returns those that succeeded; the others must have failed with the error. */
    private static <T> List<T> successes(List<CompletionStage<T>> stages, RoomError otherwise) {
        List<T> successes = new ArrayList<>();
        for (CompletionStage<T> stage : stages) {
            try {
                successes.add(await(stage));
            } catch (CompletionException failure) {
                assertThat(Failures.rootCause(failure))
                        .isInstanceOfSatisfying(
                                RoomRefusal.class,
                                refusal -> assertThat(refusal.error()).isEqualTo(otherwise));
            }
        }
        return successes;
    }

    @Test
    void manyCreatesAtOnceMakeAsManyRoomsAsTheQuota() {
        List<CompletionStage<RoomView>> creates = new ArrayList<>();
        for (int i = 0; i < 5 * ROOMS; i++) {
            creates.add(create(ACCOUNT));
        }

        List<RoomView> rooms = successes(creates, RoomError.ROOMS_QUOTA_EXCEEDED);

        assertThat(rooms).hasSize(ROOMS);
        await(create(OTHER)); // Another account has seats of its own.
        complete(rooms.get(0).sid());
        awaitSeats(SeatKind.ROOM, ROOMS); // One of them is the other account's.
        await(create(ACCOUNT));
        assertRefused(() -> await(create(ACCOUNT)), RoomError.ROOMS_QUOTA_EXCEEDED);
    }

    @Test
    void aConnectThatWouldCreateARoomIsRefusedToo() {
        for (int i = 0; i < ROOMS; i++) {
            await(create(ACCOUNT));
        }

        assertRefused(
                () -> await(node.rooms().findOrCreate(ACCOUNT, "one more", properties(50, 5))),
                RoomError.ROOMS_QUOTA_EXCEEDED);
    }

    @Test
    void manyConnectsAtOnceToSeveralRoomsAdmitAsManyAsTheQuota() {
        RoomSid one = await(create(ACCOUNT)).sid();
        RoomSid other = await(create(ACCOUNT)).sid();
        List<CompletionStage<Connected>> connects = new ArrayList<>();
        for (int i = 0; i < 4 * PARTICIPANTS; i++) {
            connects.add(connect(i % 2 == 0 ? one : other, "user-" + i));
        }

        List<Connected> admitted = successes(connects, RoomError.PARTICIPANTS_QUOTA_EXCEEDED);

        assertThat(admitted).hasSize(PARTICIPANTS);
        node.rooms()
                .room(admitted.get(0).roomSid())
                .tell(new RoomCommand.Disconnect(admitted.get(0).sessionId()));
        awaitSeats(SeatKind.PARTICIPANT, PARTICIPANTS - 1);
        await(connect(one, "late"));
        assertRefused(() -> await(connect(other, "too late")), RoomError.PARTICIPANTS_QUOTA_EXCEEDED);
    }

    @Test
    void aRestartKeepsTheSeats() {
        RoomSid room = await(create(ACCOUNT)).sid();
        for (int i = 0; i < PARTICIPANTS; i++) {
            await(connect(room, "user-" + i));
        }
        for (int i = 1; i < ROOMS; i++) {
            await(create(ACCOUNT));
        }

        node.stop();
        node = start();

        assertRefused(() -> await(create(ACCOUNT)), RoomError.ROOMS_QUOTA_EXCEEDED);
        assertRefused(() -> await(connect(room, "one more")), RoomError.PARTICIPANTS_QUOTA_EXCEEDED);
        // The client of a participant whose browser crashed may come in again.
        await(connect(room, "user-1"));
        complete(room);
        awaitSeats(SeatKind.PARTICIPANT, 0);
        await(create(ACCOUNT));
    }

    @Test
    void seatsThatNobodyGaveBackAreFoundAgain() {
        RoomSid room = await(create(ACCOUNT)).sid();
        Connected alice = await(connect(room, "alice"));
        // These seats belong to nobody: their room died before it gave them back.
        node.lostSeats(ACCOUNT, new RoomSid("RM" + "e".repeat(32)), alice.participantSid());
        awaitSeats(SeatKind.ROOM, 2);
        awaitSeats(SeatKind.PARTICIPANT, 2);

        awaitSeats(SeatKind.ROOM, 1);
        awaitSeats(SeatKind.PARTICIPANT, 1);
        // On a machine that pauses for a second, the living room may be missed for a moment, too.
        assertThat(node.system().quotaStatistics().expired()).isPositive();
    }
}
