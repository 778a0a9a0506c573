package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.LiveRoom;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

class RoomEntityTest {
    private final RoomEntityFixture room = new RoomEntityFixture();

    @AfterEach
    void stop() {
        room.close();
    }

    @Test
    void createsARoomOnce() {
        RoomView first = room.create();

        assertThat(first.status()).isEqualTo(RoomStatus.IN_PROGRESS);
        StatusReply<RoomView> other =
                room.<RoomView>ask(replyTo -> new RoomCommand.Create(ACCOUNT, "daily", properties(), replyTo));
        assertThat(errorOf(other)).isEqualTo(RoomError.ROOM_EXISTS); // Only one may believe to have created it.
        assertThat(room.open().epoch()).isEqualTo(1);
    }

    @Test
    void doesNotKnowWhatWasNeverCreated() {
        assertThat(errorOf(room.<RoomView>ask(RoomCommand.Fetch::new))).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void admitsAndPublishes() {
        room.create();
        TestProbe<SessionNotice> session = room.actors.createTestProbe();

        Connected connected = room.connect("alice", session, track("cam", TrackKind.VIDEO));

        assertThat(connected.snapshot().published().tracks())
                .singleElement()
                .satisfies(track -> assertThat(track.sid()).isNotNull());
        assertThat(connected.snapshot().published().revision()).isGreaterThan(LiveRoom.REVISIONS_PER_EPOCH);
        SessionNotice.Descriptions answer = session.expectMessageClass(SessionNotice.Descriptions.class);
        assertThat(answer.descriptions().get(0).description().sdp()).isEqualTo(FakeMediaRouter.ANSWER_SDP);
    }

    @Test
    void refusesOneTooMany() {
        room.create();
        for (int i = 0; i < 4; i++) {
            room.connect("p" + i, room.actors.createTestProbe());
        }

        StatusReply<Connected> fifth = room.tryConnect(ACCOUNT, "p4", room.actors.createTestProbe());

        assertThat(errorOf(fifth)).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
    }

    @Test
    void doesNotShowItselfToOtherAccounts() {
        room.create();

        StatusReply<Connected> reply =
                room.tryConnect(new AccountSid("AC" + "9".repeat(32)), "alice", room.actors.createTestProbe());

        assertThat(errorOf(reply)).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void endsTheEarlierSessionOfAnIdentity() {
        room.create();
        TestProbe<SessionNotice> first = room.actors.createTestProbe();
        TestProbe<SessionNotice> second = room.actors.createTestProbe();
        room.connect("alice", first);

        room.connect("alice", second);

        assertThat(first.fishForMessage(Duration.ofSeconds(3), RoomEntityTest::untilEnded))
                .last()
                .isEqualTo(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        assertThat(room.open().participants()).hasSize(1);
    }

    @Test
    void journalsARepeatedUpdateOnce() {
        room.create();
        SessionId alice = room.connect("alice", room.actors.createTestProbe()).sessionId();
        var update = new RoomCommand.Update(alice, client(2, track("cam", TrackKind.VIDEO)), List.of());

        assertThat(room.entity.runCommand(update).events()).hasSize(2);
        assertThat(room.entity.runCommand(update).hasNoEvents()).isTrue();
    }

    @Test
    void ignoresAForgedSession() {
        room.create();
        Connected alice = room.connect("alice", room.actors.createTestProbe());
        SessionId forged = SessionId.random(ROOM, alice.participantSid(), new Random(99));

        assertThat(room.entity.runCommand(new RoomCommand.Disconnect(forged)).hasNoEvents())
                .isTrue();
    }

    @Test
    void resumesASessionOnAnotherSocket() {
        room.create();
        TestProbe<SessionNotice> bobsSession = room.actors.createTestProbe();
        TestProbe<SessionNotice> old = room.actors.createTestProbe();
        TestProbe<SessionNotice> fresh = room.actors.createTestProbe();
        SessionId alice = room.connect("alice", old).sessionId();
        room.connect("bob", bobsSession);
        bobsSession.expectMessageClass(SessionNotice.Descriptions.class);

        room.entity.runCommand(new RoomCommand.SocketLost(alice, old.getRef()));
        assertThat(statusTold(bobsSession)).isEqualTo(ParticipantStatus.RECONNECTING);
        StatusReply<Synced> synced =
                room.<Synced>ask(replyTo -> new RoomCommand.Sync(alice, client(1), List.of(), fresh.getRef(), replyTo));

        assertThat(synced.getValue().snapshot().participants()).hasSize(1);
        assertThat(synced.getValue().snapshot().connections()).hasSize(1);
        assertThat(statusTold(bobsSession)).isEqualTo(ParticipantStatus.CONNECTED);
    }

    @Test
    void renewsTheDeadlineOfWhoIsAwayWhenItIsRecovered() {
        room.create();
        TestProbe<SessionNotice> session = room.actors.createTestProbe();
        SessionId alice = room.connect("alice", session).sessionId();
        room.entity.runCommand(new RoomCommand.SocketLost(alice, session.getRef()));
        room.actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(room.open().participants().get(0).status()).isEqualTo(ParticipantStatus.RECONNECTING);
            return null;
        });
        room.clock.advance(Duration.ofHours(1)); // Nobody was there.

        room.entity.restart();

        room.actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(room.open().participants().get(0).reconnectDeadline())
                    .isEqualTo(room.clock.instant().plus(RoomSamples.settings().sessionTimeout()));
            return null;
        });
    }

    @Test
    void completesAndTellsEverybody() {
        room.create();
        TestProbe<SessionNotice> session = room.actors.createTestProbe();
        Connected alice = room.connect("alice", session);

        RoomView over = room.<RoomView>ask(RoomCommand.Complete::new).getValue();

        assertThat(over.status()).isEqualTo(RoomStatus.COMPLETED);
        assertThat(over.endedAt()).isEqualTo(START);
        assertThat(session.fishForMessage(Duration.ofSeconds(3), RoomEntityTest::untilEnded))
                .last()
                .isEqualTo(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        assertThat(room.released).hasValue(1);
        assertThat(room.<RoomView>ask(RoomCommand.Fetch::new).getValue()).isEqualTo(over);
        assertThat(errorOf(room.<RoomView>ask(RoomCommand.Complete::new))).isEqualTo(RoomError.ROOM_STATUS_INVALID);
        assertThat(errorOf(room.tryConnect(ACCOUNT, "bob", room.actors.createTestProbe())))
                .isEqualTo(RoomError.ROOM_COMPLETED);
        ParticipantView gone = room.<ParticipantView>ask(replyTo ->
                        new RoomCommand.RemoveParticipant(alice.participantSid().value(), replyTo))
                .getValue();
        assertThat(gone.status()).isEqualTo(ParticipantStatus.DISCONNECTED);
    }

    @Test
    void completesAnAdHocRoomWhenTheLastLeaves() {
        room.ask((ActorRef<StatusReply<RoomView>> replyTo) ->
                new RoomCommand.Create(ACCOUNT, "daily", properties(4, 0), replyTo));
        SessionId alice = room.connect("alice", room.actors.createTestProbe()).sessionId();

        room.entity.runCommand(new RoomCommand.Disconnect(alice));

        assertThat(room.entity.getState()).isInstanceOf(RoomState.Completed.class);
    }

    @Test
    void takesOnANewEpochAfterARestart() {
        room.create();
        room.connect("alice", room.actors.createTestProbe());

        room.entity.restart();

        room.actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(room.open().epoch()).isEqualTo(2);
            return null;
        });
        assertThat(room.open().participants()).hasSize(1);
    }

    private static ParticipantStatus statusTold(TestProbe<SessionNotice> session) {
        return session.expectMessageClass(RoomChanged.class)
                .participants()
                .get(0)
                .status();
    }

    private static FishingOutcome untilEnded(SessionNotice notice) {
        return notice instanceof SessionNotice.Ended ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
    }
}
