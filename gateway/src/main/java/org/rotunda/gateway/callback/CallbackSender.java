package org.rotunda.gateway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.callback.RetryRule.Verdict;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackOutbox;
import org.rotunda.room.protocol.CallbackOutbox.ClaimRequest;
import org.rotunda.room.protocol.CallbackOutbox.Claimed;
import org.rotunda.room.protocol.CallbackOutbox.Claims;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * Sends the status callbacks of the deployment, together with the senders of the other gateways. It claims rooms whose
 * first callback is due, sends one callback of each at a time, and notes the results in the outbox. A gateway that dies
 * notes nothing, so its claims lapse and other gateways send those callbacks again.
 */
public final class CallbackSender extends AbstractBehavior<CallbackSender.Command> {
    /**
     * The most callbacks of one room that are sent in a row. Then the room is given up and becomes due again, so that a
     * room with a long queue does not keep others waiting.
     */
    static final int IN_A_ROW_MAX = 50;

    private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(10);
    private static final Duration NOTE_RETRY = Duration.ofSeconds(1);

    private final TimerScheduler<Command> timers;
    private final Parts parts;
    private final RetryRule rule;
    private final InFlight inFlight;
    private boolean isClaiming;
    private boolean moreAreDue; // The last claim may have left callbacks that are due.
    private @Nullable ActorRef<Done> stopper; // Waits for the end of the callbacks in flight.

    /** The parts that a sender works with. */
    record Parts(
            CallbackOutbox outbox,
            CallbackClient client,
            CallbackSettings settings,
            Clock clock,
            RandomGenerator random,
            CallbackStatistics statistics) {}

    /** A message to the sender. */
    public sealed interface Command {}

    /** Claims nothing more, and replies and stops when the callbacks in flight have ended. */
    public record Stop(ActorRef<Done> replyTo) implements Command {}

    private record Poll() implements Command {}

    private record Prune() implements Command {}

    private record Pruned(@Nullable Throwable failure) implements Command {}

    private record ClaimEnded(
            @Nullable Claims claims, @Nullable Throwable failure) implements Command {}

    /**
     * A callback in flight.
     *
     * @param inARow the number of callbacks of this room that were sent in a row, with this one
     */
    private record Job(Claimed claimed, int inARow, Instant startedAt) {
        StatusCallback callback() {
            return claimed.callback();
        }
    }

    private record Attempted(
            Job job,
            @Nullable AttemptResult result,
            @Nullable Throwable defect) implements Command {}

    /** Notes the result of an attempt in the outbox. */
    private record Note(Job job, AttemptResult result, Verdict verdict, Instant at) implements Command {}

    private record Noted(
            Note note, @Nullable Claimed next, @Nullable Throwable failure) implements Command {}

    private CallbackSender(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        this.rule = new RetryRule(parts.settings(), parts.random());
        this.inFlight = new InFlight(parts.settings().inFlightMax());
        context.setLoggerName(CallbackSender.class);
        timers.startTimerWithFixedDelay(new Poll(), parts.settings().pollInterval());
        timers.startTimerWithFixedDelay(new Prune(), PRUNE_INTERVAL);
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new CallbackSender(context, timers, parts)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Poll.class, this::onPoll)
                .onMessage(ClaimEnded.class, this::onClaimEnded)
                .onMessage(Attempted.class, this::onAttempted)
                .onMessage(Note.class, this::onNote)
                .onMessage(Noted.class, this::onNoted)
                .onMessage(Prune.class, this::onPrune)
                .onMessage(Pruned.class, this::onPruned)
                .onMessage(Stop.class, this::onStop)
                .build();
    }

    // --- claims

    private Behavior<Command> onPoll(Poll poll) {
        claim();
        return this;
    }

    private void claim() {
        if (isClaiming || stopper != null || inFlight.free() <= 0) {
            return;
        }
        isClaiming = true;
        ClaimRequest request = new ClaimRequest(
                inFlight.free(), parts.settings().accountInFlightMax(), inFlight.counts(), claimedUntil());
        getContext().pipeToSelf(parts.outbox().claim(request), ClaimEnded::new);
    }

    private Instant claimedUntil() {
        return parts.clock().instant().plus(parts.settings().claim());
    }

    private Behavior<Command> onClaimEnded(ClaimEnded ended) {
        isClaiming = false;
        Claims claims = ended.claims();
        if (claims == null) {
            getContext().getLog().debug("No status callbacks could be claimed", ended.failure());
            return endIfStopping();
        }
        moreAreDue = claims.more();
        for (Claimed claimed : claims.taken()) {
            inFlight.begin(claimed.callback().account());
            send(claimed, 1);
        }
        if (moreAreDue && !claims.taken().isEmpty()) {
            claim();
        }
        return endIfStopping();
    }

    // --- attempts

    private void send(Claimed claimed, int inARow) {
        parts.statistics().inFlight(inFlight.total());
        Job job = new Job(claimed, inARow, parts.clock().instant());
        getContext()
                .pipeToSelf(
                        parts.client().send(claimed.callback()),
                        (result, defect) -> new Attempted(job, result, defect));
    }

    private Behavior<Command> onAttempted(Attempted attempted) {
        AttemptResult result = attempted.result();
        Job job = attempted.job();
        if (result == null) {
            getContext().getLog().error("The attempt to send a status callback failed", attempted.defect());
            result = AttemptResult.failed(CallbackFailure.UNREACHABLE, "The request could not be sent");
        }
        Instant now = parts.clock().instant();
        parts.statistics().onAttempt(result.failure(), Duration.between(job.startedAt(), now));
        return onNote(new Note(job, result, rule.after(result, job.callback(), now), now));
    }

    private Behavior<Command> onNote(Note note) {
        getContext()
                .pipeToSelf(
                        note(note),
                        (next, failure) -> new Noted(note, next == null ? null : next.orElse(null), failure));
        return this;
    }

    private CompletionStage<Optional<Claimed>> note(Note note) {
        Claimed claimed = note.job().claimed();
        Instant until = note.job().inARow() < IN_A_ROW_MAX && stopper == null ? claimedUntil() : null;
        if (note.verdict() instanceof Verdict.Retry retry) {
            return parts.outbox()
                    .retry(claimed, failedAttempt(note, retry.failure()), retry.at())
                    .thenApply(done -> Optional.empty());
        }
        return note.verdict() instanceof Verdict.GiveUp giveUp
                ? parts.outbox().giveUp(claimed, failedAttempt(note, giveUp.failure()), until)
                : parts.outbox().delivered(claimed, until);
    }

    private static FailedAttempt failedAttempt(Note note, CallbackFailure failure) {
        return new FailedAttempt(
                note.at(), failure, note.result().httpStatus(), note.result().detail());
    }

    private Behavior<Command> onNoted(Noted noted) {
        Job job = noted.note().job();
        if (noted.failure() != null) {
            return onNotNoted(noted.note(), noted.failure());
        }
        report(noted.note());
        Claimed next = noted.next();
        if (next != null) {
            send(next, job.inARow() + 1);
            return this;
        }
        return end(job);
    }

    /** Tries again while the claim lasts. After that another gateway may have sent the callback. */
    private Behavior<Command> onNotNoted(Note note, Throwable failure) {
        Claimed claimed = note.job().claimed();
        if (parts.clock().instant().plus(NOTE_RETRY).isBefore(claimed.until())) {
            getContext().getLog().debug("The result of a status callback is not noted yet", failure);
            timers.startSingleTimer(claimed.callback().sid(), note, NOTE_RETRY);
            return this;
        }
        getContext()
                .getLog()
                .warn(
                        "The result of status callback {} could not be noted, so the callback may be sent again",
                        claimed.callback().sid(),
                        failure);
        return end(note.job());
    }

    private void report(Note note) {
        StatusCallback callback = note.job().callback();
        if (note.verdict() instanceof Verdict.Delivered) {
            parts.statistics().onDelivered(Duration.between(callback.happenedAt(), note.at()));
        } else if (note.verdict() instanceof Verdict.GiveUp giveUp) {
            parts.statistics().onGivenUp(giveUp.failure());
            getContext()
                    .getLog()
                    .info(
                            "Status callback {} ({}) of room {} of account {} is given up after {} attempts: {} {}",
                            callback.sid(),
                            callback.event(),
                            callback.room(),
                            callback.account(),
                            callback.attempts() + 1,
                            giveUp.failure(),
                            note.result().detail());
        }
    }

    private Behavior<Command> end(Job job) {
        inFlight.end(job.callback().account());
        parts.statistics().inFlight(inFlight.total());
        if (moreAreDue) {
            claim();
        }
        return endIfStopping();
    }

    // --- pruning and stopping

    private Behavior<Command> onPrune(Prune prune) {
        Instant before = parts.clock().instant().minus(parts.settings().failuresKeep());
        getContext().pipeToSelf(parts.outbox().prune(before), (count, failure) -> new Pruned(failure));
        return this;
    }

    private Behavior<Command> onPruned(Pruned pruned) {
        if (pruned.failure() != null) {
            getContext().getLog().debug("Old status callbacks could not be deleted", pruned.failure());
        }
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopper = stop.replyTo();
        timers.cancel(new Poll());
        timers.cancel(new Prune());
        return endIfStopping();
    }

    private Behavior<Command> endIfStopping() {
        if (stopper == null || isClaiming || inFlight.total() > 0) {
            return this;
        }
        Objects.requireNonNull(stopper).tell(Done.getInstance());
        return Behaviors.stopped();
    }
}
