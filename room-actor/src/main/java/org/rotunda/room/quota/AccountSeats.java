package org.rotunda.room.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/**
 * The entity of one account: the seats of its rooms and participants in the whole cluster. It answers that a seat is taken
 * only when the journal has it, so a seat survives the entity, and two entities of one account, of which one was cut off,
 * cannot both give the last seat: the journal takes only one of them.
 *
 * <p>Changes that come while the journal writes are written together with the next event. So the rate of joins is not
 * bounded by the time of a write.
 */
public final class AccountSeats
        extends EventSourcedBehaviorWithEnforcedReplies<AccountSeats.Command, SeatsChanged, SeatsHeld> {
    public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "AccountSeats");

    /** The most changes in one event, which is one row of the journal. The other changes wait for the next event. */
    static final int CHANGES_MAX = 1000;

    /** Events between two snapshots. A snapshot deletes the events before it. */
    private static final int SNAPSHOT_EVERY = 200;

    /** An account is warned about when it uses this part of a quota, and again only after it has used less than the other. */
    private static final double WARNED_FROM = 0.70;

    private static final double WARNED_AGAIN_BELOW = 0.60;

    /** The code of the public API for the warning. */
    private static final int WARNING_CODE = 53121;

    private static final Duration BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final double BACKOFF_JITTER = 0.2;

    /** A command to an account. */
    public sealed interface Command {}

    /** Takes the seat of a room. A room that has a seat keeps it. */
    public record TakeRoom(RoomSid room, RoomType type, ActorRef<Answer> replyTo) implements Command {}

    /**
     * Takes the seat of a participant. A participant that has a seat keeps it. The room gets a seat too if it has none,
     * because it exists.
     *
     * @param replaces a participant of the room that ends when the new one is admitted; the new one takes over its seat
     */
    public record TakeParticipant(
            RoomSid room,
            RoomType type,
            ParticipantSid participant,
            @Nullable ParticipantSid replaces,
            ActorRef<Answer> replyTo)
            implements Command {}

    /** Gives back the seats of a room and its participants. */
    public record GiveRoom(RoomSid room) implements Command {}

    public record GiveParticipant(RoomSid room, ParticipantSid participant) implements Command {}

    /**
     * Says which seats a room has. What the room says is right, also if a quota is then exceeded: the room exists, and
     * its participants are in it.
     */
    public record Renew(RoomSid room, RoomType type, List<ParticipantSid> participants) implements Command {
        public Renew {
            participants = List.copyOf(participants);
        }
    }

    private record Write() implements Command, NoSerializationVerificationNeeded {}

    private record Tick() implements Command, NoSerializationVerificationNeeded {}

    /** Stops the entity. The shard keeps further commands for the next start of the entity. */
    public record Stop() implements Command {}

    /** The answer to a request for a seat. */
    public record Answer(Verdict verdict) {}

    /** The answer to a request for a seat. */
    public enum Verdict {
        TAKEN,
        ROOMS_EXCEEDED,
        PARTICIPANTS_EXCEEDED,
        /** The entity cannot start. */
        UNAVAILABLE
    }

    private final ActorContext<Command> context;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final TimerScheduler<Command> timers;
    private final String account;
    private final Quota quota;
    private final QuotaSettings settings;
    private final Clock clock;
    private final QuotaStatistics statistics;
    private final Map<String, Instant> heardAt = new HashMap<>(); // By the SID of the room.
    private final Set<SeatKind> warned = EnumSet.noneOf(SeatKind.class);
    private SeatBook book = SeatBook.of(SeatsHeld.NONE);
    private List<SeatChange> unwritten = new ArrayList<>();
    private List<ActorRef<Answer>> unanswered = new ArrayList<>(); // The callers that wait for the next write.
    private boolean writeSent;
    private int idleTicks;

    private AccountSeats(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String account,
            ActorRef<ClusterSharding.ShardCommand> shard,
            QuotaSettings settings,
            Clock clock,
            QuotaStatistics statistics) {
        super(
                PersistenceId.of(KEY.name(), account),
                SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, BACKOFF_JITTER));
        this.context = context;
        this.timers = timers;
        this.shard = shard;
        this.account = account;
        this.quota = settings.of(new AccountSid(account));
        this.settings = settings;
        this.clock = clock;
        this.statistics = statistics;
    }

    /** @param account the SID of the account, which is the id of the entity */
    public static Behavior<Command> create(
            String account,
            ActorRef<ClusterSharding.ShardCommand> shard,
            QuotaSettings settings,
            Clock clock,
            QuotaStatistics statistics) {
        return Behaviors.withMdc(
                Command.class,
                Map.of("account", account),
                Behaviors.setup(context -> Behaviors.withTimers(
                        timers -> new AccountSeats(context, timers, account, shard, settings, clock, statistics))));
    }

    /** Answers a command to an account whose entity cannot start. */
    public static void refuse(Command command) {
        Answer answer = new Answer(Verdict.UNAVAILABLE);
        if (command instanceof TakeRoom take) {
            take.replyTo().tell(answer);
        } else if (command instanceof TakeParticipant take) {
            take.replyTo().tell(answer);
        }
    }

    @Override
    public SeatsHeld emptyState() {
        return SeatsHeld.NONE;
    }

    @Override
    public EventHandler<SeatsHeld, SeatsChanged> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(SeatsHeld::apply);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
    }

    @Override
    public SignalHandler<SeatsHeld> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.class, (held, signal) -> onRecovered(held))
                .onSignal(PostStop.class, (held, signal) -> statistics.onStopped(account))
                .build();
    }

    /** Begins with what the journal has. Changes that were not written are lost; their callers get no answer. */
    private void onRecovered(SeatsHeld held) {
        book = SeatBook.of(held);
        unwritten = new ArrayList<>();
        unanswered = new ArrayList<>();
        writeSent = false;
        heardAt.clear();
        Instant now = clock.instant();
        held.rooms().keySet().forEach(room -> heardAt.put(room, now)); // Every room gets the full time to be heard.
        timers.startTimerWithFixedDelay(new Tick(), settings.seatRenewal());
        report();
    }

    @Override
    public CommandHandlerWithReply<Command, SeatsChanged, SeatsHeld> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(TakeRoom.class, (held, take) -> onTakeRoom(take))
                .onCommand(TakeParticipant.class, (held, take) -> onTakeParticipant(take))
                .onCommand(GiveRoom.class, (held, give) -> onGiveRoom(give))
                .onCommand(GiveParticipant.class, (held, give) -> onGiveParticipant(give))
                .onCommand(Renew.class, (held, renew) -> onRenew(renew))
                .onCommand(Write.class, (held, write) -> onWrite())
                .onCommand(Tick.class, (held, tick) -> onTick())
                .onCommand(Stop.class, (held, stop) -> Effect().stop().thenNoReply())
                .build();
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onTakeRoom(TakeRoom take) {
        if (!book.has(take.room())) {
            Optional<SeatKind> excess = book.excess(quota);
            if (excess.isPresent()) {
                return refuse(take.replyTo(), excess.get(), Verdict.ROOMS_EXCEEDED);
            }
            change(new SeatChange(take.room(), take.type(), null, true));
        }
        heard(take.room());
        return answerWhenWritten(take.replyTo());
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onTakeParticipant(TakeParticipant take) {
        if (!book.has(take.room(), take.participant())) {
            ParticipantSid replaces = take.replaces();
            Optional<SeatKind> excess = book.excess(quota, take.room(), take.type(), replaces);
            if (excess.isPresent()) {
                return refuse(take.replyTo(), excess.get(), Verdict.PARTICIPANTS_EXCEEDED);
            }
            if (replaces != null && book.has(take.room(), replaces)) {
                change(new SeatChange(take.room(), take.type(), replaces, false));
            }
            change(new SeatChange(take.room(), take.type(), take.participant(), true));
        }
        heard(take.room());
        return answerWhenWritten(take.replyTo());
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> refuse(ActorRef<Answer> caller, SeatKind kind, Verdict verdict) {
        statistics.onRefused(kind);
        caller.tell(new Answer(verdict));
        return Effect().noReply();
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onGiveRoom(GiveRoom give) {
        heardAt.remove(give.room().value());
        if (book.has(give.room())) {
            change(new SeatChange(give.room(), RoomType.GROUP, null, false));
        }
        return Effect().noReply();
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onGiveParticipant(GiveParticipant give) {
        if (book.has(give.room(), give.participant())) {
            heard(give.room());
            change(new SeatChange(give.room(), RoomType.GROUP, give.participant(), false));
        }
        return Effect().noReply();
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onRenew(Renew renew) {
        RoomSid room = renew.room();
        if (!book.has(room)) {
            change(new SeatChange(room, renew.type(), null, true));
        }
        Set<String> there = new HashSet<>();
        for (ParticipantSid participant : renew.participants()) {
            there.add(participant.value());
            if (!book.has(room, participant)) {
                change(new SeatChange(room, renew.type(), participant, true));
            }
        }
        for (String held : book.participants(room)) {
            if (!there.contains(held)) {
                change(new SeatChange(room, renew.type(), new ParticipantSid(held), false));
            }
        }
        heard(room);
        return Effect().noReply();
    }

    private void heard(RoomSid room) {
        heardAt.put(room.value(), clock.instant());
        idleTicks = 0;
    }

    private void change(SeatChange change) {
        book.apply(change);
        unwritten.add(change);
        writeSoon();
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> answerWhenWritten(ActorRef<Answer> caller) {
        unanswered.add(caller);
        writeSoon();
        return Effect().noReply();
    }

    /** Asks for a write after the commands that wait already, so that they are written together. */
    private void writeSoon() {
        if (!writeSent) {
            writeSent = true;
            context.getSelf().tell(new Write());
        }
    }

    private ReplyEffect<SeatsChanged, SeatsHeld> onWrite() {
        writeSent = false;
        if (unwritten.size() > CHANGES_MAX) {
            List<SeatChange> first = List.copyOf(unwritten.subList(0, CHANGES_MAX));
            unwritten = new ArrayList<>(unwritten.subList(CHANGES_MAX, unwritten.size()));
            writeSoon();
            return Effect().persist(new SeatsChanged(first)).thenNoReply();
        }
        List<ActorRef<Answer>> callers = unanswered;
        List<SeatChange> changes = unwritten;
        unanswered = new ArrayList<>();
        unwritten = new ArrayList<>();
        if (changes.isEmpty()) {
            answer(callers);
            return Effect().noReply();
        }
        return Effect()
                .persist(new SeatsChanged(changes))
                .thenRun(held -> {
                    report(); // Before the answers: a caller that has a seat finds it in the metrics.
                    answer(callers);
                })
                .thenNoReply();
    }

    private static void answer(List<ActorRef<Answer>> callers) {
        callers.forEach(caller -> caller.tell(new Answer(Verdict.TAKEN)));
    }

    /** Frees the seats of rooms that are gone, and stops the entity if the account has no seats. */
    private ReplyEffect<SeatsChanged, SeatsHeld> onTick() {
        Instant oldest = clock.instant().minus(settings.goneAfter());
        List<String> gone = heardAt.entrySet().stream()
                .filter(entry -> entry.getValue().isBefore(oldest))
                .map(Map.Entry::getKey)
                .toList();
        if (!gone.isEmpty()) {
            statistics.onExpired(gone.size());
            context.getLog().warn("seats of {} rooms freed that are gone: {}", gone.size(), gone.get(0));
            gone.forEach(room -> onGiveRoom(new GiveRoom(new RoomSid(room))));
        }
        idleTicks++;
        if (idleTicks > 1 && book.taken(SeatKind.ROOM) == 0 && unwritten.isEmpty()) {
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return Effect().noReply();
    }

    /** Tells the metrics the numbers of seats, and warns when most of a quota is used. */
    private void report() {
        Map<SeatKind, Integer> seats = new EnumMap<>(SeatKind.class);
        for (SeatKind kind : SeatKind.values()) {
            int taken = book.taken(kind);
            seats.put(kind, taken);
            int limit = quota.of(kind);
            if (limit == 0 || taken < limit * WARNED_AGAIN_BELOW) {
                warned.remove(kind);
            } else if (taken >= limit * WARNED_FROM && warned.add(kind)) {
                statistics.onWarning(kind);
                context.getLog()
                        .warn(
                                "account approaches a concurrency quota: {} of {} seats of kind {} are taken, code {}",
                                taken,
                                limit,
                                kind,
                                WARNING_CODE);
            }
        }
        statistics.onTaken(account, seats);
    }
}
