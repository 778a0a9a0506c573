package org.rotunda.room.readmodel;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.jspecify.annotations.Nullable;

/**
 * Runs the {@link Housekeeping} of a deployment at the configured interval. The cluster has one such actor. Its
 * database calls run on the blocking executor.
 */
public final class Housekeeper extends AbstractBehavior<Housekeeper.Command> {
    private static final String NAME = "room-housekeeper";

    private final TimerScheduler<Command> timers;
    private final Housekeeping housekeeping;
    private final HousekeepingSettings settings;
    private final Clock clock;
    private final Executor blocking;

    /** A message to the housekeeper. */
    public sealed interface Command {}

    private record Due() implements Command {}

    private record Finished(
            Housekeeping.@Nullable Deleted deleted,
            @Nullable Throwable failure) implements Command {}

    private record Stop() implements Command {}

    private Housekeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Housekeeping housekeeping,
            HousekeepingSettings settings,
            Clock clock,
            Executor blocking) {
        super(context);
        this.timers = timers;
        this.housekeeping = housekeeping;
        this.settings = settings;
        this.clock = clock;
        this.blocking = blocking;
        runAfter(settings.firstAfter());
    }

    /** Starts the housekeeper on one of the nodes with this role. */
    public static void start(
            ActorSystem<?> system,
            Database database,
            HousekeepingSettings settings,
            Clock clock,
            Executor blocking,
            String role) {
        Housekeeping housekeeping = new Housekeeping(database.dataSource(), settings);
        ShardedDaemonProcess.get(system)
                .init(
                        Command.class,
                        NAME,
                        1,
                        only -> create(housekeeping, settings, clock, blocking),
                        ShardedDaemonProcessSettings.create(system).withRole(role),
                        Optional.of(new Stop()));
    }

    static Behavior<Command> create(
            Housekeeping housekeeping, HousekeepingSettings settings, Clock clock, Executor blocking) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Housekeeper(context, timers, housekeeping, settings, clock, blocking)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Due.class, this::onDue)
                .onMessage(Finished.class, this::onFinished)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onDue(Due due) {
        var run = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return housekeeping.run(clock.instant());
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                blocking);
        getContext().pipeToSelf(run, Finished::new);
        return this;
    }

    private Behavior<Command> onFinished(Finished finished) {
        Housekeeping.Deleted deleted = finished.deleted();
        if (deleted == null) {
            getContext().getLog().warn("Housekeeping failed and is tried again soon", finished.failure());
            runAfter(settings.firstAfter());
        } else {
            getContext().getLog().info("Housekeeping: {}", deleted);
            runAfter(deleted.more() ? settings.firstAfter() : settings.interval());
        }
        return this;
    }

    private void runAfter(Duration delay) {
        timers.startSingleTimer(new Due(), delay);
    }
}
