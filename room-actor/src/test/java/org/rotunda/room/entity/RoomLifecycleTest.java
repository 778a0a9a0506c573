package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.state.RoomState;

/**
 * Tests that each timer of a room ends what it should at the right time: while one entity runs the room, when another
 * entity takes the room over before the deadline, and when no entity ran the room at the deadline.
 */
class RoomLifecycleTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Duration AGE_MAX = Duration.ofHours(24);
    private static final Duration LONGEST_STAY = Duration.ofHours(4);
    /** The time from the begin of a test's last step to the deadline. Its end is a few real milliseconds away. */
    private static final Duration SOON = Duration.ofMillis(50);

    private static final Duration DOWN = Duration.ofHours(1);

    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    /**
     * A room that ends at a deadline.
     *
     * @param before brings the room to its last change before the deadline
     * @param deadline the time after {@code START}
     */
    record Ending(String name, RoomProperties properties, Consumer<RoomEntityFixture> before, Duration deadline) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Ending> endings() {
        return Stream.of(
                new Ending("nobody joins", properties(), room -> {}, TIMEOUT),
                new Ending("nobody joins an ad-hoc room", properties(4, 0), room -> {}, Duration.ofSeconds(60)),
                new Ending("everybody left", properties(), RoomLifecycleTest::joinAndLeave, TIMEOUT.plusSeconds(100)),
                new Ending(
                        "the last longest stay ends in an ad-hoc room",
                        properties(4, 0),
                        room -> room.connect("alice"),
                        LONGEST_STAY),
                new Ending("a day is over", staysLong(), room -> room.connect("alice"), AGE_MAX));
    }

    private static void joinAndLeave(RoomEntityFixture room) {
        SessionId alice = room.connect("alice").sessionId();
        room.clock.advance(Duration.ofSeconds(100));
        room.entity.runCommand(new RoomCommand.Disconnect(alice));
    }

    private static RoomProperties staysLong() {
        RoomProperties normal = properties();
        return new RoomProperties(
                normal.type(),
                normal.participantsMax(),
                (int) AGE_MAX.toSeconds(),
                5,
                5,
                false,
                normal.videoCodecs(),
                "us1",
                false,
                false,
                null,
                "POST");
    }

    @ParameterizedTest
    @MethodSource("endings")
    void theRoomEndsAtItsDeadline(Ending ending) {
        begin(ending);
        moveTo(ending.deadline().minusMillis(1));
        room.entity.runCommand(new RoomInternal.DeadlinePassed());
        assertThat(room.entity.getState()).isNotInstanceOf(RoomState.Completed.class);

        moveTo(ending.deadline());
        room.entity.runCommand(new RoomInternal.DeadlinePassed());

        assertEnded(ending);
    }

    /** Another entity takes the room over just before the deadline, and its own timer ends the room. */
    @ParameterizedTest
    @MethodSource("endings")
    void theRoomEndsAtItsDeadlineUnderAnotherOwner(Ending ending) {
        begin(ending);
        moveTo(ending.deadline().minus(SOON));

        room.entity.restart();
        room.awaitUntil(() -> assertThat(room.open().epoch()).isEqualTo(2));
        moveTo(ending.deadline());

        room.awaitUntil(() -> assertThat(room.entity.getState()).isInstanceOf(RoomState.Completed.class));
        assertEnded(ending);
    }

    /** The room has no owner at its deadline. The next owner ends it, and the room is no longer for that. */
    @ParameterizedTest
    @MethodSource("endings")
    void theRoomEndsAtItsDeadlineAlthoughNobodyRanIt(Ending ending) {
        begin(ending);
        moveTo(ending.deadline().plus(DOWN));

        room.entity.restart();

        room.awaitUntil(() -> assertThat(room.entity.getState()).isInstanceOf(RoomState.Completed.class));
        assertEnded(ending);
    }

    /** The new owner ends the room before it answers those who have come meanwhile. */
    @Test
    void nobodyJoinsARoomWhoseTimeWasOverBeforeItWasRecovered() {
        room.create();
        moveTo(TIMEOUT.plus(DOWN));

        room.entity.restart();

        assertThat(errorOf(room.tryConnect("late"))).isEqualTo(RoomError.ROOM_COMPLETED);
        assertThat(room.fetch().getValue().endedAt()).isEqualTo(START.plus(TIMEOUT));
    }

    @Test
    void theLongestStayEndsWithAnErrorAndTheRoomWaitsFromThere() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket);
        moveTo(LONGEST_STAY);
        room.entity.runCommand(new RoomInternal.DeadlinePassed());

        assertThat(lastNotice(socket))
                .isEqualTo(new SessionNotice.Ended(RoomError.PARTICIPANT_SESSION_LENGTH_EXCEEDED));
        assertThat(participant(alice).endedAt()).isEqualTo(START.plus(LONGEST_STAY));
        moveTo(LONGEST_STAY.plus(TIMEOUT));
        room.entity.runCommand(new RoomInternal.DeadlinePassed());
        assertThat(room.fetch().getValue().endedAt()).isEqualTo(START.plus(LONGEST_STAY.plus(TIMEOUT)));
    }

    /** The client learns the reason when it resumes, because no owner could tell it at the deadline. */
    @Test
    void aLongestStayThatEndedWhileNobodyRanTheRoomIsToldAtTheResume() {
        room.create();
        Connected alice = room.connect("alice");
        moveTo(Duration.ofHours(1));
        Connected bob = room.connect("bob");
        moveTo(LONGEST_STAY.plus(Duration.ofMinutes(1)));

        room.entity.restart();

        assertThat(errorOf(trySync(alice))).isEqualTo(RoomError.PARTICIPANT_SESSION_LENGTH_EXCEEDED);
        assertThat(participant(alice).status()).isEqualTo(ParticipantStatus.DISCONNECTED);
        assertThat(participant(alice).endedAt()).isEqualTo(START.plus(LONGEST_STAY));
        assertThat(trySync(bob).isSuccess()).isTrue();
        moveTo(Duration.ofDays(2));
        room.entity.restart();
        assertThat(errorOf(trySync(bob))).isEqualTo(RoomError.PARTICIPANT_SESSION_LENGTH_EXCEEDED);
    }

    @Test
    void aSessionThatWasClosedInAnotherWayIsUnknown() {
        room.create();
        Connected alice = room.connect("alice");
        room.connect("bob");
        room.entity.runCommand(new RoomCommand.Disconnect(alice.sessionId()));

        assertThat(errorOf(trySync(alice))).isEqualTo(RoomError.PARTICIPANT_NOT_FOUND);
        room.complete();
        assertThat(errorOf(trySync(alice))).isEqualTo(RoomError.ROOM_COMPLETED);
    }

    @Test
    void everybodyInTheRoomLeavesWithIt() {
        room.tryCreate(staysLong());
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket);
        moveTo(AGE_MAX.plus(DOWN));
        room.entity.runCommand(new RoomInternal.DeadlinePassed());

        assertThat(lastNotice(socket)).isEqualTo(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        List<ParticipantView> departed = room.<ParticipantViews>ask(
                        replyTo -> new RoomCommand.ListParticipants(true, replyTo))
                .getValue()
                .participants();
        assertThat(departed).singleElement().satisfies(each -> {
            assertThat(each.sid()).isEqualTo(alice.participantSid());
            assertThat(each.endedAt()).isEqualTo(START.plus(AGE_MAX));
        });
    }

    private void begin(Ending ending) {
        assertThat(room.tryCreate(ending.properties()).isSuccess()).isTrue();
        ending.before().accept(room);
    }

    private void moveTo(Duration sinceStart) {
        room.clock.advance(Duration.between(room.clock.instant(), START.plus(sinceStart)));
    }

    private void assertEnded(Ending ending) {
        Instant end = START.plus(ending.deadline());
        RoomView over = room.fetch().getValue();
        assertThat(over.endedAt()).isEqualTo(end);
        assertThat(over.updatedAt()).isEqualTo(end);
        assertThat(room.released.get()).isPositive();
    }

    private ParticipantView participant(Connected who) {
        return room.<ParticipantView>ask(replyTo ->
                        new RoomCommand.FetchParticipant(who.participantSid().value(), replyTo))
                .getValue();
    }

    private StatusReply<Synced> trySync(Connected who) {
        return room.ask(replyTo -> new RoomCommand.Sync(
                who.sessionId(), client(1), List.of(), room.newSocket().getRef(), replyTo));
    }

    /** Reads all notices up to the end of the session, and returns the last notice. */
    private static SessionNotice lastNotice(TestProbe<SessionNotice> socket) {
        List<SessionNotice> notices = socket.fishForMessage(
                Duration.ofSeconds(3),
                notice -> notice instanceof SessionNotice.Ended
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndCollect());
        return notices.get(notices.size() - 1);
    }
}
