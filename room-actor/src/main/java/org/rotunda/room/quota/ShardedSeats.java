package org.rotunda.room.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.quota.AccountSeats.Answer;
import org.rotunda.room.quota.AccountSeats.Verdict;

/** The seats of accounts over the cluster. */
public final class ShardedSeats implements Seats {
    private final Function<AccountSid, EntityRef<AccountSeats.Command>> accounts;
    private final QuotaSettings settings;
    private final Clock clock;
    private final QuotaStatistics statistics;
    private final AccountSilence silence;

    public ShardedSeats(ClusterSharding sharding, QuotaSettings settings, Clock clock, QuotaStatistics statistics) {
        this(account -> sharding.entityRefFor(AccountSeats.KEY, account.value()), settings, clock, statistics);
    }

    /** @param accounts returns the entity of an account */
    ShardedSeats(
            Function<AccountSid, EntityRef<AccountSeats.Command>> accounts,
            QuotaSettings settings,
            Clock clock,
            QuotaStatistics statistics) {
        this.accounts = accounts;
        this.settings = settings;
        this.clock = clock;
        this.statistics = statistics;
        this.silence = new AccountSilence(settings.silenceMax());
    }

    @Override
    public boolean areCounted(AccountSid account) {
        return !settings.of(account).isUnlimited();
    }

    @Override
    public CompletionStage<Optional<RoomError>> takeRoom(AccountSid account, RoomSid room, RoomType type) {
        return take(account, replyTo -> new AccountSeats.TakeRoom(room, type, replyTo));
    }

    @Override
    public CompletionStage<Optional<RoomError>> takeParticipant(
            AccountSid account,
            RoomSid room,
            RoomType type,
            ParticipantSid participant,
            @Nullable ParticipantSid replaces) {
        return take(account, replyTo -> new AccountSeats.TakeParticipant(room, type, participant, replaces, replyTo));
    }

    private CompletionStage<Optional<RoomError>> take(
            AccountSid account, Function<ActorRef<Answer>, AccountSeats.Command> command) {
        Instant sentAt = clock.instant();
        boolean isSilent = silence.isLong(account, sentAt);
        CompletionStage<Optional<RoomError>> answer = accounts.apply(account)
                .<Answer>ask(command::apply, settings.seatTimeout())
                .handle((reply, failure) -> {
                    if (failure == null && reply.verdict() != Verdict.UNAVAILABLE) {
                        silence.onAnswered(account);
                        return errorOf(reply.verdict());
                    }
                    statistics.onUnanswered();
                    silence.onUnanswered(account, sentAt);
                    if (!silence.isLong(account, clock.instant())) {
                        return Optional.of(RoomError.BUSY);
                    }
                    statistics.onUncounted();
                    return Optional.empty();
                });
        if (isSilent) { // The request goes on, and shows when the entity answers again.
            statistics.onUncounted();
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return answer;
    }

    private static Optional<RoomError> errorOf(Verdict verdict) {
        return switch (verdict) {
            case TAKEN -> Optional.empty();
            case ROOMS_EXCEEDED -> Optional.of(RoomError.ROOMS_QUOTA_EXCEEDED);
            case PARTICIPANTS_EXCEEDED -> Optional.of(RoomError.PARTICIPANTS_QUOTA_EXCEEDED);
            case UNAVAILABLE -> Optional.of(RoomError.BUSY);
        };
    }

    @Override
    public void giveRoom(AccountSid account, RoomSid room) {
        accounts.apply(account).tell(new AccountSeats.GiveRoom(room));
    }

    @Override
    public void giveParticipant(AccountSid account, RoomSid room, ParticipantSid participant) {
        accounts.apply(account).tell(new AccountSeats.GiveParticipant(room, participant));
    }

    @Override
    public void renew(AccountSid account, RoomSid room, RoomType type, Collection<ParticipantSid> participants) {
        accounts.apply(account).tell(new AccountSeats.Renew(room, type, List.copyOf(participants)));
    }

    @Override
    public Duration renewEvery() {
        return settings.seatRenewal();
    }
}
