package org.rotunda.room.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.quota.SeatBookProperties.participant;
import static org.rotunda.room.quota.SeatBookProperties.room;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.quota.AccountSeats.Answer;
import org.rotunda.room.quota.AccountSeats.Verdict;
import org.rotunda.room.testkit.HandClock;
import org.rotunda.room.testkit.HandJournal;
import org.rotunda.room.testkit.RoomSamples;

/** Tests the entity of an account with a journal in memory. */
class AccountSeatsTest {
    private static final String ACCOUNT = RoomSamples.ACCOUNT.value();
    private static final Duration RENEWAL = Duration.ofMillis(100);

    private final ActorTestKit actors = ActorTestKit.create(
            "seats",
            PersistenceTestKitPlugin.config()
                    .withFallback(PersistenceTestKitSnapshotPlugin.config())
                    .withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final PersistenceTestKit journal = PersistenceTestKit.create(actors.system());
    private final HandJournal hand = new HandJournal(journal);
    private final HandClock clock = new HandClock(RoomSamples.START);
    private final QuotaStatistics statistics = new QuotaStatistics();
    private final TestProbe<ClusterSharding.ShardCommand> shard = actors.createTestProbe();
    private final TestProbe<Answer> answers = actors.createTestProbe();
    private ActorRef<AccountSeats.Command> entity =
            actors.createTestProbe("unused", AccountSeats.Command.class).ref();

    @BeforeEach
    void start() {
        entity = actors.spawn(AccountSeats.create(
                ACCOUNT,
                shard.getRef(),
                new QuotaSettings(new Quota(3, 5, 2), Map.of(), Duration.ofSeconds(2), RENEWAL, Duration.ofSeconds(15)),
                clock,
                statistics));
    }

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    private void restart() {
        actors.stop(entity);
        start();
    }

    private Verdict take(RoomSid room) {
        entity.tell(new AccountSeats.TakeRoom(room, RoomType.GROUP, answers.getRef()));
        return answers.receiveMessage().verdict();
    }

    private Verdict take(RoomSid room, ParticipantSid participant) {
        return take(room, RoomType.GROUP, participant, null);
    }

    private Verdict take(RoomSid room, RoomType type, ParticipantSid participant, @Nullable ParticipantSid replaces) {
        entity.tell(new AccountSeats.TakeParticipant(room, type, participant, replaces, answers.getRef()));
        return answers.receiveMessage().verdict();
    }

    /** Takes all seats of participants, in the room with this number. */
    private void fill(int room) {
        for (int i = 0; i < 5; i++) {
            assertThat(take(room(room), participant(i))).isEqualTo(Verdict.TAKEN);
        }
    }

    @Test
    void givesAsManyRoomsAsTheQuotaAndNotOneMore() {
        for (int i = 0; i < 3; i++) {
            assertThat(take(room(i))).isEqualTo(Verdict.TAKEN);
        }

        assertThat(take(room(3))).isEqualTo(Verdict.ROOMS_EXCEEDED);
        assertThat(statistics.refused(SeatKind.ROOM)).isEqualTo(1);
        assertThat(statistics.taken(SeatKind.ROOM)).isEqualTo(3);

        entity.tell(new AccountSeats.GiveRoom(room(1)));
        assertThat(take(room(3))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void givesAsManyParticipantsAsTheQuotaAndNotOneMore() {
        fill(1);

        assertThat(take(room(2), participant(5))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(statistics.refused(SeatKind.PARTICIPANT)).isEqualTo(1);

        entity.tell(new AccountSeats.GiveParticipant(room(1), participant(0)));
        assertThat(take(room(2), participant(5))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void theSeatsOfARoomsParticipantsEndWithTheRoom() {
        fill(1);

        entity.tell(new AccountSeats.GiveRoom(room(1)));

        fill(2);
        assertThat(take(room(2), participant(9))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
    }

    @Test
    void goRoomsHaveAQuotaOfTheirOwnWithinTheQuotaOfAll() {
        assertThat(take(room(1), RoomType.GO, participant(1), null)).isEqualTo(Verdict.TAKEN);
        assertThat(take(room(1), RoomType.GO, participant(2), null)).isEqualTo(Verdict.TAKEN);

        assertThat(take(room(2), RoomType.GO, participant(3), null)).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(statistics.refused(SeatKind.GO_PARTICIPANT)).isEqualTo(1);
        assertThat(take(room(3), participant(4))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void aRepeatTakesNoSecondSeat() {
        for (int i = 0; i < 3; i++) {
            assertThat(take(room(1))).isEqualTo(Verdict.TAKEN);
            assertThat(take(room(1), participant(1))).isEqualTo(Verdict.TAKEN);
        }

        assertThat(statistics.taken(SeatKind.ROOM)).isEqualTo(1);
        assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(1);
    }

    @Test
    void aRepeatOfATakenSeatIsGrantedAlsoWhenTheQuotaIsUsedUp() {
        fill(1);

        assertThat(take(room(1), participant(4))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void whoeverReplacesAParticipantTakesOverItsSeat() {
        fill(1);

        assertThat(take(room(1), RoomType.GROUP, participant(7), participant(4)))
                .isEqualTo(Verdict.TAKEN);
        assertThat(take(room(1), participant(8))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(5);
        assertThat(take(room(1), RoomType.GROUP, participant(9), participant(4)))
                .as("the replaced participant has no seat any more")
                .isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
    }

    @Test
    void seatsSurviveTheEntity() {
        fill(1);
        entity.tell(new AccountSeats.GiveParticipant(room(1), participant(0)));
        assertThat(take(room(1), participant(6))).isEqualTo(Verdict.TAKEN);

        restart();

        assertThat(take(room(1), participant(7))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(take(room(2))).isEqualTo(Verdict.TAKEN);
        assertThat(take(room(3))).isEqualTo(Verdict.TAKEN);
        assertThat(take(room(4))).isEqualTo(Verdict.ROOMS_EXCEEDED);
    }

    @Test
    void anAnswerComesOnlyWhenTheJournalHasTheSeat() {
        assertThat(take(room(1))).isEqualTo(Verdict.TAKEN);

        assertThat(journal.persistedInStorage(
                        PersistenceId.of("AccountSeats", ACCOUNT).id()))
                .singleElement()
                .isEqualTo(new SeatsChanged(List.of(new SeatChange(room(1), RoomType.GROUP, null, true))));
    }

    @Test
    void aThousandCallersAtOnceGetExactlyTheSeatsThatThereAre() {
        for (int i = 0; i < 1000; i++) {
            entity.tell(
                    new AccountSeats.TakeParticipant(room(1), RoomType.GROUP, participant(i), null, answers.getRef()));
        }
        List<Answer> all = answers.receiveSeveralMessages(1000, Duration.ofSeconds(20));

        assertThat(all).filteredOn(answer -> answer.verdict() == Verdict.TAKEN).hasSize(5);
        assertThat(all)
                .filteredOn(answer -> answer.verdict() == Verdict.PARTICIPANTS_EXCEEDED)
                .hasSize(995);
    }

    @Test
    void aRenewalCorrectsWhatTheAccountHasCounted() {
        take(room(1), participant(1));
        take(room(1), participant(2)); // This participant left, and the message about it was lost.

        entity.tell(new AccountSeats.Renew(room(1), RoomType.GROUP, List.of(participant(1), participant(3))));

        shard.awaitAssert(() -> {
            assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(2);
            return null;
        });
        assertThat(take(room(1), participant(3))).isEqualTo(Verdict.TAKEN);
        assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(2);
    }

    @Test
    void aRenewalIsRightAlsoBeyondTheQuota() {
        List<ParticipantSid> seven =
                IntStream.range(0, 7).mapToObj(SeatBookProperties::participant).toList();
        entity.tell(new AccountSeats.Renew(room(1), RoomType.GROUP, seven));

        shard.awaitAssert(() -> {
            assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(7);
            return null;
        });
        assertThat(take(room(1), participant(9))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
    }

    @Test
    void theSeatsOfARoomThatIsGoneAreFreeAgain() {
        fill(1);
        take(room(2));
        clock.advance(RENEWAL.multipliedBy(QuotaSettings.RENEWALS_MISSED_MAX).plusMillis(1));
        entity.tell(new AccountSeats.Renew(room(2), RoomType.GROUP, List.of()));

        shard.awaitAssert(() -> {
            assertThat(statistics.taken(SeatKind.ROOM)).isEqualTo(1);
            return null;
        });
        assertThat(statistics.taken(SeatKind.PARTICIPANT)).isZero();
        assertThat(statistics.expired()).isEqualTo(1);
        assertThat(take(room(2), participant(1))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void afterARestartEveryRoomHasTheWholeTimeToBeHeard() {
        fill(1);
        clock.advance(RENEWAL.multipliedBy(QuotaSettings.RENEWALS_MISSED_MAX).plusMillis(1));

        restart();

        assertThat(take(room(2), participant(9))).isEqualTo(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(statistics.expired()).isZero();
    }

    @Test
    void warnsOnceWhenMostOfAQuotaIsUsed() {
        take(room(1), participant(1));
        take(room(1), participant(2));
        take(room(1), participant(3));
        assertThat(statistics.warnings(SeatKind.PARTICIPANT)).isZero();

        take(room(1), participant(4));
        take(room(1), participant(5));
        assertThat(statistics.warnings(SeatKind.PARTICIPANT)).isEqualTo(1);

        entity.tell(new AccountSeats.GiveRoom(room(1)));
        fill(2);
        assertThat(statistics.warnings(SeatKind.PARTICIPANT)).isEqualTo(2);
    }

    @Test
    void anAccountWithoutRoomsLeavesTheMemory() {
        take(room(1));
        entity.tell(new AccountSeats.GiveRoom(room(1)));

        shard.expectMessageClass(ClusterSharding.Passivate.class);
    }

    @Test
    void manyChangesAtOnceAreSeveralEvents() {
        List<ParticipantSid> many = IntStream.range(0, AccountSeats.CHANGES_MAX + 1)
                .mapToObj(SeatBookProperties::participant)
                .toList();
        entity.tell(new AccountSeats.Renew(room(1), RoomType.GROUP, many));

        shard.awaitAssert(() -> {
            assertThat(journal.persistedInStorage(
                            PersistenceId.of("AccountSeats", ACCOUNT).id()))
                    .hasSize(2);
            return null;
        });
        restart();
        assertThat(take(room(1), participant(1))).isEqualTo(Verdict.TAKEN);
        assertThat(statistics.taken(SeatKind.PARTICIPANT)).isEqualTo(many.size());
    }

    @Test
    void changesThatComeDuringAWriteAreOneEvent() {
        hand.stalls();
        for (int i = 0; i < 5; i++) {
            entity.tell(
                    new AccountSeats.TakeParticipant(room(1), RoomType.GROUP, participant(i), null, answers.getRef()));
        }
        hand.returns();

        assertThat(answers.receiveSeveralMessages(5))
                .allSatisfy(answer -> assertThat(answer.verdict()).isEqualTo(Verdict.TAKEN));
        assertThat(journal.persistedInStorage(
                        PersistenceId.of("AccountSeats", ACCOUNT).id()))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aWriteThatFailsGivesNoSeat() {
        assertThat(take(room(1))).isEqualTo(Verdict.TAKEN);
        hand.goesAway();
        entity.tell(new AccountSeats.TakeRoom(room(2), RoomType.GROUP, answers.getRef()));
        answers.expectNoMessage(Duration.ofMillis(300));
        hand.returns();

        // The entity starts again after a pause, and hears of no command before that.
        answers.awaitAssert(() -> {
            entity.tell(new AccountSeats.TakeRoom(room(3), RoomType.GROUP, answers.getRef()));
            assertThat(answers.receiveMessage(Duration.ofMillis(500)).verdict()).isEqualTo(Verdict.TAKEN);
            return null;
        });
        assertThat(statistics.taken(SeatKind.ROOM)).isEqualTo(2);
    }
}
