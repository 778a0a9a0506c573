package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.quota.Seats;
import org.rotunda.room.testkit.RoomSamples;

/** Tests which seats a room takes and gives back. The test plays the account. */
class RoomSeatsTest {
    private static final Optional<RoomError> TAKEN = Optional.empty();

    private final Account account = new Account();
    private final RoomEntityFixture room = new RoomEntityFixture(RoomSamples.settings(), account);

    @AfterEach
    void stop() {
        room.close();
    }

    /** A request of a room to its account. The test gives the answer. */
    private record Asked(
            String what,
            @Nullable ParticipantSid participant,
            @Nullable ParticipantSid replaces,
            Collection<ParticipantSid> participants,
            CompletableFuture<Optional<RoomError>> answer) {}

    private static final class Account implements Seats {
        private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

        private CompletionStage<Optional<RoomError>> ask(
                String what, @Nullable ParticipantSid participant, @Nullable ParticipantSid replaces) {
            CompletableFuture<Optional<RoomError>> answer = new CompletableFuture<>();
            asked.add(new Asked(what, participant, replaces, List.of(), answer));
            return answer;
        }

        @Override
        public boolean areCounted(AccountSid sid) {
            return true;
        }

        @Override
        public CompletionStage<Optional<RoomError>> takeRoom(AccountSid sid, RoomSid room, RoomType type) {
            return ask("take room", null, null);
        }

        @Override
        public CompletionStage<Optional<RoomError>> takeParticipant(
                AccountSid sid,
                RoomSid room,
                RoomType type,
                ParticipantSid participant,
                @Nullable ParticipantSid replaces) {
            return ask("take participant", participant, replaces);
        }

        @Override
        public void giveRoom(AccountSid sid, RoomSid room) {
            ask("give room", null, null);
        }

        @Override
        public void giveParticipant(AccountSid sid, RoomSid room, ParticipantSid participant) {
            ask("give participant", participant, null);
        }

        @Override
        public void renew(AccountSid sid, RoomSid room, RoomType type, Collection<ParticipantSid> participants) {
            asked.add(new Asked("renew", null, null, participants, new CompletableFuture<>()));
        }

        @Override
        public Duration renewEvery() {
            return Duration.ofHours(1);
        }

        Asked next(String what) {
            try {
                Asked next = asked.poll(20, TimeUnit.SECONDS);
                assertThat(next).as("nothing asked, expected: %s", what).isNotNull();
                assertThat(next.what()).isEqualTo(what);
                return next;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private TestProbe<StatusReply<RoomView>> create() {
        TestProbe<StatusReply<RoomView>> caller = room.actors.createTestProbe();
        room.entity.runCommand(new RoomCommand.Create(ACCOUNT, "daily", properties(), caller.getRef()));
        return caller;
    }

    private void created() {
        TestProbe<StatusReply<RoomView>> caller = create();
        account.next("take room").answer().complete(TAKEN);
        assertThat(caller.receiveMessage().isSuccess()).isTrue();
    }

    private TestProbe<StatusReply<Connected>> connect(String identity) {
        TestProbe<StatusReply<Connected>> caller = room.actors.createTestProbe();
        TestProbe<SessionNotice> socket = room.newSocket();
        room.entity.runCommand(new RoomCommand.Connect(
                ACCOUNT,
                identity,
                client(1),
                true,
                Set.of(),
                offer("c-" + identity),
                socket.getRef(),
                caller.getRef()));
        return caller;
    }

    private Connected connected(String identity) {
        TestProbe<StatusReply<Connected>> caller = connect(identity);
        account.next("take participant").answer().complete(TAKEN);
        return caller.receiveMessage().getValue();
    }

    private static RoomError error(StatusReply<?> reply) {
        assertThat(reply.isError()).isTrue();
        return ((RoomRefusal) reply.getError()).error();
    }

    @Test
    void aRoomIsCreatedOnlyWithASeat() {
        TestProbe<StatusReply<RoomView>> caller = create();
        Asked asked = account.next("take room");
        caller.expectNoMessage(Duration.ofMillis(50));

        asked.answer().complete(Optional.of(RoomError.ROOMS_QUOTA_EXCEEDED));

        assertThat(error(caller.receiveMessage())).isEqualTo(RoomError.ROOMS_QUOTA_EXCEEDED);
        assertThat(error(room.fetch())).isEqualTo(RoomError.ROOM_NOT_FOUND);
        account.next("give room");
        created();
    }

    @Test
    void twoCreatesUnderOneSidMakeOneRoomWithOneSeat() {
        TestProbe<StatusReply<RoomView>> one = create();
        TestProbe<StatusReply<RoomView>> other = create();
        Asked first = account.next("take room");
        Asked second = account.next("take room");

        first.answer().complete(TAKEN);
        assertThat(one.receiveMessage().isSuccess()).isTrue();
        second.answer().complete(Optional.of(RoomError.BUSY));

        assertThat(error(other.receiveMessage())).isEqualTo(RoomError.ROOM_EXISTS);
        assertThat(account.asked).isEmpty(); // The room keeps its seat.
    }

    @Test
    void aParticipantIsAdmittedOnlyWithASeat() {
        created();
        TestProbe<StatusReply<Connected>> caller = connect("alice");
        Asked asked = account.next("take participant");
        asked.answer().complete(Optional.of(RoomError.PARTICIPANTS_QUOTA_EXCEEDED));

        assertThat(error(caller.receiveMessage())).isEqualTo(RoomError.PARTICIPANTS_QUOTA_EXCEEDED);
        assertThat(account.next("give participant").participant()).isEqualTo(asked.participant());

        assertThat(connected("alice").participantSid()).isNotEqualTo(asked.participant());
    }

    @Test
    void theSeatHasTheSidOfTheParticipant() {
        created();
        TestProbe<StatusReply<Connected>> caller = connect("alice");
        Asked asked = account.next("take participant");
        asked.answer().complete(TAKEN);

        assertThat(caller.receiveMessage().getValue().participantSid()).isEqualTo(asked.participant());
        assertThat(asked.replaces()).isNull();
    }

    @Test
    void anAccountThatDoesNotAnswerMakesTheRoomBusy() {
        created();
        TestProbe<StatusReply<Connected>> caller = connect("alice");

        account.next("take participant").answer().complete(Optional.of(RoomError.BUSY));

        assertThat(error(caller.receiveMessage())).isEqualTo(RoomError.BUSY);
        account.next("give participant"); // The account may have counted the participant after all.
    }

    @Test
    void theRoomAnswersOthersWhileItWaitsForASeat() {
        created();
        connect("alice");
        Asked asked = account.next("take participant");

        assertThat(room.fetch().isSuccess()).isTrue();
        connected("bob");
        asked.answer().complete(TAKEN);
    }

    @Test
    void whoeverLeavesGivesTheSeatBack() {
        created();
        Connected alice = connected("alice");

        room.entity.runCommand(new RoomCommand.Disconnect(alice.sessionId()));

        assertThat(account.next("give participant").participant()).isEqualTo(alice.participantSid());
    }

    @Test
    void theRoomGivesEverySeatBackAtItsEnd() {
        created();
        connected("alice");

        room.complete();

        account.next("give room");
    }

    @Test
    void theSameIdentityTakesOverTheSeat() {
        created();
        Connected first = connected("alice");
        TestProbe<StatusReply<Connected>> again = connect("alice");
        TestProbe<StatusReply<Connected>> third = connect("alice");
        Asked second = account.next("take participant");
        Asked last = account.next("take participant");

        assertThat(second.replaces()).isEqualTo(first.participantSid());
        assertThat(last.replaces()).isEqualTo(second.participant());
        second.answer().complete(TAKEN);
        again.receiveMessage();
        last.answer().complete(TAKEN);
        assertThat(third.receiveMessage().getValue().participantSid()).isEqualTo(last.participant());
    }

    @Test
    void theLastPlaceOfARoomGoesToOneOfTwoWhoHaveSeats() {
        TestProbe<StatusReply<RoomView>> caller = room.actors.createTestProbe();
        room.entity.runCommand(new RoomCommand.Create(ACCOUNT, "daily", properties(1, 5), caller.getRef()));
        account.next("take room").answer().complete(TAKEN);
        caller.receiveMessage();
        TestProbe<StatusReply<Connected>> alice = connect("alice");
        TestProbe<StatusReply<Connected>> bob = connect("bob");
        Asked first = account.next("take participant");
        Asked second = account.next("take participant");

        first.answer().complete(TAKEN);
        assertThat(alice.receiveMessage().isSuccess()).isTrue();
        second.answer().complete(TAKEN);

        assertThat(error(bob.receiveMessage())).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
        assertThat(account.next("give participant").participant()).isEqualTo(second.participant());
    }

    @Test
    void aParticipantWhoseRoomEndsMeanwhileGivesTheSeatBack() {
        created();
        TestProbe<StatusReply<Connected>> alice = connect("alice");
        Asked asked = account.next("take participant");
        room.complete();
        account.next("give room");

        asked.answer().complete(TAKEN);

        assertThat(error(alice.receiveMessage())).isEqualTo(RoomError.ROOM_COMPLETED);
        account.next("give participant");
    }

    @Test
    void aRenewalNamesThoseWhoAreThereAndThoseWhoAreAboutToComeIn() {
        created();
        ParticipantSid alice = connected("alice").participantSid();
        connect("bob");
        Asked bob = account.next("take participant");

        room.entity.runCommand(new RoomInternal.RenewSeats());

        assertThat(account.next("renew").participants()).containsExactlyInAnyOrder(alice, bob.participant());
        bob.answer().complete(TAKEN);
    }

    @Test
    void aRoomThatStartsAgainRenewsItsSeats() {
        created();
        ParticipantSid alice = connected("alice").participantSid();

        room.entity.restart();

        assertThat(account.next("renew").participants()).containsExactly(alice);
    }

    @Test
    void aRoomThatHasEndedGivesItsSeatsBackAgainWhenItStarts() {
        created();
        room.complete();
        account.next("give room");

        room.entity.restart();

        account.next("give room");
    }
}
