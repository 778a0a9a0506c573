package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.CallReport;
import org.rotunda.room.call.LiveRoom;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

class RoomEntityTest {
    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @Test
    void createsARoomOnce() {
        RoomView first = room.create();

        assertThat(first.status()).isEqualTo(RoomStatus.IN_PROGRESS);
        assertThat(errorOf(room.tryCreate(properties())))
                .as("only one caller may learn that it has created the room")
                .isEqualTo(RoomError.ROOM_EXISTS);
        assertThat(room.open().epoch()).isEqualTo(1);
    }

    @Test
    void tellsWhenItHasWritten() {
        RoomView created = room.create();
        assertThat(room.written).containsExactly(created.sid());

        room.fetch();
        assertThat(room.written).hasSize(1);
    }

    @Test
    void doesNotKnowARoomThatWasNeverCreated() {
        assertThat(errorOf(room.fetch())).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void admitsAndPublishes() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();

        Connected connected = room.connect("alice", socket, track("cam", TrackKind.VIDEO));

        SessionNotice.Published published = connected.snapshot().published();
        assertThat(published.tracks())
                .singleElement()
                .satisfies(track -> assertThat(track.sid()).isNotNull());
        assertThat(published.revision()).isGreaterThan(LiveRoom.REVISIONS_PER_EPOCH);
        SessionNotice.Descriptions answer = socket.expectMessageClass(SessionNotice.Descriptions.class);
        assertThat(answer.descriptions().get(0).description().sdp()).isEqualTo(FakeMediaRouter.ANSWER_SDP);
    }

    @Test
    void refusesAParticipantMoreThanTheRoomTakes() {
        room.create();
        for (int i = 0; i < 4; i++) {
            room.connect("p" + i);
        }

        assertThat(errorOf(room.tryConnect("p4"))).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
    }

    @Test
    void doesNotShowItselfToOtherAccounts() {
        room.create();

        AccountSid other = new AccountSid("AC" + "9".repeat(32));

        assertThat(errorOf(room.tryConnect(other, "alice", room.newSocket()))).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void endsTheEarlierSessionOfAnIdentity() {
        room.create();
        TestProbe<SessionNotice> first = room.newSocket();
        room.connect("alice", first);

        room.connect("alice");

        assertThat(lastNotice(first)).isEqualTo(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        assertThat(room.open().participants()).hasSize(1);
    }

    @Test
    void journalsARepeatedUpdateOnce() {
        room.create();
        SessionId alice = room.connect("alice").sessionId();
        var update = new RoomCommand.Update(alice, client(2, track("cam", TrackKind.VIDEO)), List.of());

        assertThat(room.entity.runCommand(update).events()).hasSize(2);
        assertThat(room.entity.runCommand(update).hasNoEvents()).isTrue();
    }

    @Test
    void takesTracksBackThatTheirClientCannotSend() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket, track("cam", TrackKind.VIDEO));
        TrackSid cam = Objects.requireNonNull(
                alice.snapshot().published().tracks().get(0).sid());
        var report = new CallReport.TracksUnusable(alice.participantSid(), List.of(cam));

        assertThat(room.entity.runCommand(report).events()).hasSize(2);
        assertThat(room.firstParticipant().publications()).isEmpty();
        assertThat(room.entity.runCommand(report).hasNoEvents()).isTrue();
    }

    @Test
    void ignoresAForgedSession() {
        room.create();
        Connected alice = room.connect("alice");
        SessionId forged = SessionId.random(ROOM, alice.participantSid(), new Random(99));

        assertThat(room.entity.runCommand(new RoomCommand.Disconnect(forged)).hasNoEvents())
                .isTrue();
    }

    @Test
    void resumesASessionOnAnotherSocket() {
        room.create();
        TestProbe<SessionNotice> old = room.newSocket();
        TestProbe<SessionNotice> bobs = room.newSocket();
        SessionId alice = room.connect("alice", old).sessionId();
        room.connect("bob", bobs);
        bobs.expectMessageClass(SessionNotice.Descriptions.class);

        room.entity.runCommand(new RoomCommand.SocketLost(alice, old.getRef()));
        assertThat(statusTold(bobs)).isEqualTo(ParticipantStatus.RECONNECTING);
        Synced synced = room.sync(alice, room.newSocket());

        assertThat(synced.snapshot().participants()).hasSize(1);
        assertThat(synced.snapshot().connections()).hasSize(1);
        assertThat(statusTold(bobs)).isEqualTo(ParticipantStatus.CONNECTED);
    }

    @Test
    void givesAReconnectingParticipantAFreshDeadlineWhenTheRoomIsRecovered() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        SessionId alice = room.connect("alice", socket).sessionId();
        room.entity.runCommand(new RoomCommand.SocketLost(alice, socket.getRef()));
        room.awaitUntil(() -> assertThat(room.firstParticipant().status()).isEqualTo(ParticipantStatus.RECONNECTING));
        room.clock.advance(Duration.ofHours(1)); // No node ran the room in this hour.

        room.entity.restart();

        Instant deadline = room.clock.instant().plus(RoomSamples.settings().sessionTimeout());
        room.awaitUntil(
                () -> assertThat(room.firstParticipant().reconnectDeadline()).isEqualTo(deadline));
    }

    @Test
    void completesAndTellsEverybody() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        room.connect("alice", socket);

        RoomView over = room.complete().getValue();

        assertThat(over.status()).isEqualTo(RoomStatus.COMPLETED);
        assertThat(over.endedAt()).isEqualTo(START);
        assertThat(lastNotice(socket)).isEqualTo(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        assertThat(room.released).hasValue(1);
    }

    @Test
    void answersAsACompletedRoomAfterItsEnd() {
        room.create();
        String alice = room.connect("alice").participantSid().value();

        RoomView over = room.complete().getValue();

        assertThat(room.fetch().getValue()).isEqualTo(over);
        assertThat(errorOf(room.tryConnect("bob"))).isEqualTo(RoomError.ROOM_COMPLETED);
        StatusReply<ParticipantView> removed = room.ask(replyTo -> new RoomCommand.RemoveParticipant(alice, replyTo));
        assertThat(removed.getValue().status()).isEqualTo(ParticipantStatus.DISCONNECTED);
        assertThat(room.<ParticipantView>ask(replyTo -> new RoomCommand.FetchParticipant(alice, replyTo))
                        .getValue())
                .isEqualTo(removed.getValue());
        assertThat(departed()).containsExactly(removed.getValue());
        assertThat(room.<ParticipantViews>ask(RoomCommand.ListParticipants::new)
                        .getValue()
                        .participants())
                .isEmpty();
    }

    /**
     * The database tables show a departure with a delay, so the room itself answers for the participants who left last.
     */
    @Test
    void answersForParticipantsWhoHaveLeft() {
        room.create();
        SessionId alice = room.connect("alice").sessionId();
        String superseded = room.connect("bob").participantSid().value();
        String bob = room.connect("bob").participantSid().value();
        room.entity.runCommand(new RoomCommand.Disconnect(alice));
        String gone = alice.participant().value();

        for (String who : List.of(gone, superseded)) {
            assertThat(room.<ParticipantView>ask(replyTo -> new RoomCommand.FetchParticipant(who, replyTo))
                            .getValue())
                    .satisfies(each -> assertThat(each.status()).isEqualTo(ParticipantStatus.DISCONNECTED))
                    .satisfies(each -> assertThat(each.endedAt()).isNotNull());
        }
        assertThat(errorOf(room.<ParticipantView>ask(replyTo -> new RoomCommand.FetchParticipant("alice", replyTo))))
                .isEqualTo(RoomError.PARTICIPANT_NOT_FOUND);
        assertThat(departed()).extracting(each -> each.sid().value()).containsExactly(superseded, gone);
        assertThat(room.<ParticipantViews>ask(RoomCommand.ListParticipants::new)
                        .getValue()
                        .participants())
                .extracting(each -> each.sid().value())
                .containsExactly(bob);
    }

    @Test
    void acknowledgesARepeatedCompleteForAMinute() {
        room.create();
        RoomView over = room.complete().getValue();

        room.clock.advance(RoomEntity.COMPLETE_REPEATED_MAX);
        assertThat(room.complete().getValue()).isEqualTo(over);
        room.clock.advance(Duration.ofMillis(1));
        assertThat(errorOf(room.complete())).isEqualTo(RoomError.ROOM_STATUS_INVALID);
    }

    @Test
    void completesAnAdHocRoomWhenTheLastLeaves() {
        room.tryCreate(properties(4, 0));
        SessionId alice = room.connect("alice").sessionId();

        room.entity.runCommand(new RoomCommand.Disconnect(alice));

        assertThat(room.entity.getState()).isInstanceOf(RoomState.Completed.class);
    }

    @Test
    void beginsANewEpochAfterARestart() {
        room.create();
        room.connect("alice");

        room.entity.restart();

        room.awaitUntil(() -> assertThat(room.open().epoch()).isEqualTo(2));
        assertThat(room.open().participants()).hasSize(1);
    }

    private List<ParticipantView> departed() {
        return room.<ParticipantViews>ask(replyTo -> new RoomCommand.ListParticipants(true, replyTo))
                .getValue()
                .participants();
    }

    private static ParticipantStatus statusTold(TestProbe<SessionNotice> socket) {
        return socket.expectMessageClass(RoomChanged.class)
                .participants()
                .get(0)
                .status();
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
