package org.rotunda.room.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.quota.SeatBookProperties.participant;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.quota.AccountSeats.Answer;
import org.rotunda.room.quota.AccountSeats.Verdict;
import org.rotunda.room.testkit.HandClock;

class ShardedSeatsTest {
    private static final AccountSid FREE = new AccountSid("AC" + "9".repeat(32));
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    private final ActorTestKit actors = ActorTestKit.create();
    private final TestProbe<AccountSeats.Command> account = actors.createTestProbe();
    private final HandClock clock = new HandClock(START);
    private final QuotaStatistics statistics = new QuotaStatistics();
    private final ShardedSeats seats = new ShardedSeats(
            sid -> TestEntityRef.of(AccountSeats.KEY, sid.value(), account.getRef()),
            new QuotaSettings(
                    new Quota(10, 0, 0),
                    Map.of(FREE, new Quota(0, 0, 0)),
                    Duration.ofMillis(200),
                    Duration.ofMinutes(1),
                    SILENCE_MAX),
            clock,
            statistics);

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    private CompletionStage<Optional<RoomError>> take() {
        return seats.takeParticipant(ACCOUNT, ROOM, RoomType.GROUP, participant(1), null);
    }

    private void answer(Verdict verdict) {
        account.expectMessageClass(AccountSeats.TakeParticipant.class).replyTo().tell(new Answer(verdict));
    }

    private static Optional<RoomError> resultOf(CompletionStage<Optional<RoomError>> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onlyAccountsWithAQuotaAreCounted() {
        assertThat(seats.areCounted(ACCOUNT)).isTrue();
        assertThat(seats.areCounted(FREE)).isFalse();
    }

    @Test
    void theVerdictIsTheAnswer() {
        CompletionStage<Optional<RoomError>> taken = take();
        answer(Verdict.TAKEN);
        assertThat(resultOf(taken)).isEmpty();

        CompletionStage<Optional<RoomError>> exceeded = take();
        answer(Verdict.PARTICIPANTS_EXCEEDED);
        assertThat(resultOf(exceeded)).contains(RoomError.PARTICIPANTS_QUOTA_EXCEEDED);

        CompletionStage<Optional<RoomError>> room = seats.takeRoom(ACCOUNT, ROOM, RoomType.GROUP);
        account.expectMessageClass(AccountSeats.TakeRoom.class).replyTo().tell(new Answer(Verdict.ROOMS_EXCEEDED));
        assertThat(resultOf(room)).contains(RoomError.ROOMS_QUOTA_EXCEEDED);
    }

    @Test
    void anAccountThatIsSilentForAShortTimeMakesCallersTryAgain() {
        assertThat(resultOf(take())).contains(RoomError.BUSY);
        account.expectMessageClass(AccountSeats.TakeParticipant.class);

        assertThat(statistics.unanswered()).isEqualTo(1);
        assertThat(statistics.uncounted()).isZero();
    }

    @Test
    void anAccountThatIsSilentForTooLongDoesNotStopCalls() {
        assertThat(resultOf(take())).contains(RoomError.BUSY);
        account.expectMessageClass(AccountSeats.TakeParticipant.class);
        clock.advance(SILENCE_MAX);

        CompletionStage<Optional<RoomError>> admitted = take();
        assertThat(admitted.toCompletableFuture()).isCompletedWithValue(Optional.empty());
        assertThat(statistics.uncounted()).isEqualTo(1);
        answer(Verdict.TAKEN); // The account is back, so its answer counts again.

        account.awaitAssert(() -> {
            CompletionStage<Optional<RoomError>> next = take();
            answer(Verdict.PARTICIPANTS_EXCEEDED);
            assertThat(resultOf(next)).contains(RoomError.PARTICIPANTS_QUOTA_EXCEEDED);
            return null;
        });
    }

    @Test
    void anEntityThatCannotStartIsLikeASilentOne() {
        CompletionStage<Optional<RoomError>> first = take();
        answer(Verdict.UNAVAILABLE);
        assertThat(resultOf(first)).contains(RoomError.BUSY);

        clock.advance(SILENCE_MAX);
        assertThat(resultOf(take())).isEmpty();
    }
}
