package org.rotunda.gateway.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.Changes;
import org.rotunda.room.protocol.Failures;

/**
 * Keeps a node's {@link AccountDirectory} up to date. Asks the database after each {@code refresh} interval for the
 * changes since the last read, and at once after a change on this node. While the database is away, the directory keeps
 * its last state; afterwards everything is read anew.
 */
public final class AccountRefresher extends AbstractBehavior<AccountRefresher.Command> {
    /** Makes the next read a read of all rows. */
    private static final long NOTHING_KNOWN = -1;

    /** The time after which everything is read anew, so that the directory forgets rows that were deleted. */
    private static final Duration WHOLE_EVERY = Duration.ofHours(1);

    /** The longest pause before a restart after a defect. */
    private static final Duration RESTART_MAX = Duration.ofMinutes(1);

    private static final double RESTART_SPREAD = 0.1;

    private final TimerScheduler<Command> timers;
    private final AccountStore store;
    private final Collection<AccountRow> configured;
    private final AccountDirectory directory;
    private final AccountSettings settings;
    private final AccountStatistics statistics;
    private final CompletableFuture<Done> loaded;

    private long known = NOTHING_KNOWN; // The number of the last change that the directory contains.
    private boolean isWholeDue; // The next read is one of all rows.
    private boolean isReading;
    private boolean hasFailed; // The last read has failed, and that is logged.
    private final List<ActorRef<Done>> waiting = new ArrayList<>(); // Answered after the read that is running.
    private final List<ActorRef<Done>> late = new ArrayList<>(); // They came during a read and need the next one.

    /** A message to the refresher. */
    public sealed interface Command {}

    /** Reads the changes at once. The reply comes when the directory contains them, or when the database is away. */
    public record Refresh(ActorRef<Done> replyTo) implements Command {}

    private enum Due implements Command {
        NOW,
        WHOLE
    }

    private record Read(
            boolean isWhole,
            @Nullable Changes changes,
            @Nullable Throwable failure) implements Command {}

    private AccountRefresher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            AccountStore store,
            Collection<AccountRow> configured,
            AccountDirectory directory,
            AccountSettings settings,
            AccountStatistics statistics,
            CompletableFuture<Done> loaded) {
        super(context);
        this.timers = timers;
        this.store = store;
        this.configured = configured;
        this.directory = directory;
        this.settings = settings;
        this.statistics = statistics;
        this.loaded = loaded;
        timers.startTimerWithFixedDelay(Due.WHOLE, WHOLE_EVERY);
        read();
    }

    /**
     * Returns the behavior.
     *
     * @param configured the rows of the accounts of the configuration; those that the database lacks are inserted
     * @param loaded completed when the directory contains the accounts of the database
     */
    public static Behavior<Command> create(
            AccountStore store,
            Collection<AccountRow> configured,
            AccountDirectory directory,
            AccountSettings settings,
            AccountStatistics statistics,
            CompletableFuture<Done> loaded) {
        Behavior<Command> refresher = Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new AccountRefresher(context, timers, store, configured, directory, settings, statistics, loaded)));
        // A row that this version cannot read must not end the refresh for ever.
        return Behaviors.supervise(refresher)
                .onFailure(SupervisorStrategy.restartWithBackoff(settings.refresh(), RESTART_MAX, RESTART_SPREAD));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Refresh.class, this::onRefresh)
                .onMessageEquals(Due.NOW, this::onDue)
                .onMessageEquals(Due.WHOLE, this::onWhole)
                .onMessage(Read.class, this::onRead)
                .build();
    }

    private Behavior<Command> onRefresh(Refresh refresh) {
        if (isReading) {
            late.add(refresh.replyTo());
        } else {
            waiting.add(refresh.replyTo());
            read();
        }
        return this;
    }

    private Behavior<Command> onDue() {
        if (!isReading) {
            read();
        }
        return this;
    }

    private Behavior<Command> onWhole() {
        isWholeDue = true;
        return onDue();
    }

    private void read() {
        isReading = true;
        boolean isWhole = isWholeDue || known == NOTHING_KNOWN;
        isWholeDue = false;
        CompletionStage<Changes> changes = isWhole
                ? store.insertAbsent(configured).thenCompose(done -> store.changesAfter(0))
                : store.changesAfter(known);
        getContext().pipeToSelf(changes, (read, failure) -> new Read(isWhole, read, failure));
    }

    private Behavior<Command> onRead(Read read) {
        isReading = false;
        Changes changes = read.changes();
        if (changes == null) {
            onFailed(read.failure());
        } else if (changes.number() < known) {
            // The database was replaced by an older copy of itself.
            getContext().getLog().warn("The database has forgotten changes to accounts; all accounts are read anew");
            known = NOTHING_KNOWN;
        } else {
            onChanges(changes, read.isWhole());
        }
        waiting.forEach(replyTo -> replyTo.tell(Done.getInstance()));
        waiting.clear();
        if (late.isEmpty() && (changes == null || known != NOTHING_KNOWN)) {
            timers.startSingleTimer(Due.NOW, settings.refresh());
        } else {
            waiting.addAll(late);
            late.clear();
            read();
        }
        return this;
    }

    private void onChanges(Changes changes, boolean isWhole) {
        directory.apply(changes, isWhole);
        known = changes.number();
        statistics.onRefreshed();
        loaded.complete(Done.getInstance());
        if (hasFailed) {
            hasFailed = false;
            getContext().getLog().info("The accounts are read from the database again");
        }
    }

    private void onFailed(@Nullable Throwable failure) {
        // Rows of revoked keys are deleted after a while, so a long outage may hide them. A whole read does not.
        known = NOTHING_KNOWN;
        statistics.onRefreshFailed();
        if (!hasFailed) {
            hasFailed = true;
            getContext()
                    .getLog()
                    .warn(
                            "The accounts cannot be read from the database; the last state stays in use: {}",
                            failure == null
                                    ? "no reason"
                                    : Failures.rootCause(failure).toString());
        }
    }
}
