package org.rotunda.node.advertise;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the addresses of the media loops until they are known, and then again and again, to notice when they change.
 * A node has one such actor if it asks at all. One question is under way at a time.
 */
public final class AddressKeeper extends AbstractBehavior<AddressKeeper.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(AddressKeeper.class);
    private static final Duration ASK_UNTIL_KNOWN = Duration.ofSeconds(1);
    /** The time between two questions once the addresses are known: that after which a change is noticed. */
    private static final Duration ASK_WHEN_KNOWN = Duration.ofSeconds(30);

    /** The messages to the actor. */
    sealed interface Command {}

    private enum Ask implements Command {
        NOW
    }

    private enum GiveUp implements Command {
        NOW
    }

    private record Answered(Lookup lookup) implements Command {}

    private final TimerScheduler<Command> timers;
    private final Supplier<Lookup> lookup;
    private final Executor blocking;
    private final Duration timeout;
    private final CompletableFuture<List<String>> found;
    private final Runnable changed;
    private List<String> known;
    private String told = ""; // The reason that was logged last.

    private AddressKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Supplier<Lookup> lookup,
            Executor blocking,
            Duration timeout,
            List<String> known,
            CompletableFuture<List<String>> found,
            Runnable changed) {
        super(context);
        this.timers = timers;
        this.lookup = lookup;
        this.blocking = blocking;
        this.timeout = timeout;
        this.known = known;
        this.found = found;
        this.changed = changed;
        if (known.isEmpty()) {
            timers.startSingleTimer(GiveUp.NOW, timeout);
            context.getSelf().tell(Ask.NOW);
        } else {
            found.complete(known);
            timers.startSingleTimer(Ask.NOW, ASK_WHEN_KNOWN);
        }
    }

    /**
     * Returns the behavior of the actor.
     *
     * @param lookup asks once, and may block
     * @param blocking runs {@code lookup}
     * @param timeout the time after which {@code found} fails
     * @param known the addresses that a media router of this process already uses; empty if there is none
     * @param found gets the addresses. Fails with an {@link IllegalArgumentException} if an object contradicts the
     *     configuration, and with an {@link IllegalStateException} after the timeout
     * @param changed called once, when the addresses are no longer those that were found
     */
    public static Behavior<Void> create(
            AddressLookup lookup,
            Executor blocking,
            Duration timeout,
            List<String> known,
            CompletableFuture<List<String>> found,
            Runnable changed) {
        return keeper(lookup, blocking, timeout, known, found, changed).unsafeCast();
    }

    static Behavior<Command> keeper(
            Supplier<Lookup> lookup,
            Executor blocking,
            Duration timeout,
            List<String> known,
            CompletableFuture<List<String>> found,
            Runnable changed) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new AddressKeeper(context, timers, lookup, blocking, timeout, known, found, changed)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Ask.NOW, this::onAsk)
                .onMessage(Answered.class, this::onAnswered)
                .onMessageEquals(GiveUp.NOW, this::onGiveUp)
                .build();
    }

    private Behavior<Command> onAsk() {
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(lookup, blocking),
                        (answer, failure) -> new Answered(
                                failure == null ? answer : new Lookup.Missing("the question failed: " + failure)));
        return this;
    }

    private Behavior<Command> onAnswered(Answered answered) {
        if (answered.lookup() instanceof Lookup.Found now) {
            return onFound(now.addresses());
        }
        String reason = answered.lookup() instanceof Lookup.Unusable unusable
                ? unusable.reason()
                : ((Lookup.Missing) answered.lookup()).reason();
        if (known.isEmpty() && answered.lookup() instanceof Lookup.Unusable) {
            found.completeExceptionally(new IllegalArgumentException(reason));
            return Behaviors.stopped();
        }
        if (!reason.equals(told)) {
            told = reason;
            // The node goes on with the addresses that it knows.
            LOG.warn(
                    "The addresses that clients are told are not known{}: {}",
                    known.isEmpty() ? "" : " any more",
                    reason);
        }
        timers.startSingleTimer(Ask.NOW, known.isEmpty() ? ASK_UNTIL_KNOWN : ASK_WHEN_KNOWN);
        return this;
    }

    private Behavior<Command> onFound(List<String> addresses) {
        timers.cancel(GiveUp.NOW);
        told = "";
        if (!known.isEmpty() && !known.equals(addresses)) {
            LOG.error(
                    "The addresses that clients are told have changed from {} to {}: this node stops",
                    known,
                    addresses);
            changed.run();
            return Behaviors.stopped();
        }
        known = addresses;
        timers.startSingleTimer(Ask.NOW, ASK_WHEN_KNOWN);
        found.complete(addresses); // Without effect if it is complete.
        return this;
    }

    private Behavior<Command> onGiveUp() {
        found.completeExceptionally(new IllegalStateException("the addresses of its media ports are not known after "
                + timeout.toSeconds() + " s: " + (told.isEmpty() ? "the API server does not answer" : told)));
        return Behaviors.stopped();
    }
}
