package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import java.util.Random;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.state.RoomEvent.ParticipantAnonymized;
import org.rotunda.room.state.RoomState;

/** Tests that the identity of a participant who has left can be replaced, during the room and after its end. */
class AnonymizeTest {
    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @Test
    void replacesTheIdentityOfAParticipantWhoHasLeft() {
        room.create();
        Connected alice = room.connect("alice");
        room.connect("bob");
        room.entity.runCommand(new RoomCommand.Disconnect(alice.sessionId()));
        room.clock.advance(Duration.ofSeconds(9));

        anonymize(alice.participantSid());

        assertThat(view(alice.participantSid()).identity())
                .isEqualTo(alice.participantSid().value());
        assertThat(view(alice.participantSid()).updatedAt()).isEqualTo(START.plusSeconds(9));
        assertThat(view(alice.participantSid()).endedAt()).isEqualTo(START);
        assertThat(room.anonymized).containsExactly(alice.participantSid());
        room.entity.restart();
        assertThat(view(alice.participantSid()).identity())
                .isEqualTo(alice.participantSid().value());
    }

    @Test
    void refusesWhileTheParticipantIsInTheRoom() {
        room.create();
        ParticipantSid alice = room.connect("alice").participantSid();

        assertThat(errorOf(tryAnonymize(alice))).isEqualTo(RoomError.PARTICIPANT_STATUS_INVALID);
        assertThat(view(alice).identity()).isEqualTo("alice");
        assertThat(room.anonymized).isEmpty();
    }

    @Test
    void worksAfterTheEndOfTheRoom() {
        room.create();
        ParticipantSid alice = room.connect("alice").participantSid();
        room.complete();

        anonymize(alice);

        assertThat(view(alice).identity()).isEqualTo(alice.value());
        room.entity.restart();
        assertThat(view(alice).identity()).isEqualTo(alice.value());
    }

    @Test
    void journalsARepeatOnceAndWritesTheRowAgain() {
        room.create();
        ParticipantSid alice = room.connect("alice").participantSid();
        room.complete();
        anonymize(alice);

        assertThat(room.entity
                        .runCommand(new RoomCommand.Anonymize(
                                alice, room.actors.system().ignoreRef()))
                        .hasNoEvents())
                .isTrue();
        assertThat(room.anonymized).containsExactly(alice, alice);
    }

    /** The journal of a room is deleted long before the rows of its participants. */
    @Test
    void writesTheRowIfTheJournalIsDeleted() {
        ParticipantSid gone = ParticipantSid.random(new Random(1));

        anonymize(gone);

        assertThat(room.anonymized).containsExactly(gone);
        assertThat(room.entity.getState()).isInstanceOf(RoomState.Empty.class);
    }

    @Test
    void anEventThatOutlivesItsJournalDoesNoHarm() {
        assertThat(new RoomState.Empty().apply(new ParticipantAnonymized(ParticipantSid.random(new Random(1)), START)))
                .isInstanceOf(RoomState.Empty.class);
    }

    private ParticipantView view(ParticipantSid participant) {
        return room.<ParticipantView>ask(replyTo -> new RoomCommand.FetchParticipant(participant.value(), replyTo))
                .getValue();
    }

    private void anonymize(ParticipantSid participant) {
        assertThat(tryAnonymize(participant).isSuccess()).isTrue();
    }

    private StatusReply<Done> tryAnonymize(ParticipantSid participant) {
        return room.ask(replyTo -> new RoomCommand.Anonymize(participant, replyTo));
    }
}
