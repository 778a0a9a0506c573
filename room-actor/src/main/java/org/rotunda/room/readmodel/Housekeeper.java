package org.rotunda.room.readmodel;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
import org.rotunda.room.name.RoomNames;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.readmodel.HousekeepingStatistics.Kind;

/**
 * Runs the {@link Housekeeping} of a deployment at the configured interval. The cluster has one such actor. Its
 * database calls run on the blocking executor.
 */
public final class Housekeeper extends AbstractBehavior<Housekeeper.Command> {
    private static final String NAME = "room-housekeeper";

    /**
     * How much older than the oldest possible room the stored state of a name must be before it is looked at. Much
     * longer than any message to the name may be late.
     */
    private static final Duration NAME_MARGIN = Duration.ofDays(1);

    /**
     * How much older than the oldest possible room a room in progress must be, before it counts as one that no node
     * runs. Longer than any take-over.
     */
    private static final Duration ROOM_MARGIN = Duration.ofHours(1);

    private final TimerScheduler<Command> timers;
    private final Parts parts;

    /**
     * The parts of the housekeeping.
     *
     * @param wake starts the entity of a room, which then ends the room if its time is over
     * @param roomAgeMax the age at which every room is over
     * @param blocking the executor for database calls
     */
    record Parts(
            Housekeeping housekeeping,
            HousekeepingSettings settings,
            HousekeepingStatistics statistics,
            RoomNames names,
            Consumer<RoomSid> wake,
            Duration roomAgeMax,
            Clock clock,
            Executor blocking) {}

    /** The result of a run, the names that are to be tidied up, and the rooms that should be over. */
    private record Result(
            Housekeeping.Deleted deleted, List<String> staleNames, List<RoomSid> overdue, Duration duration) {}

    /** A message to the housekeeper. */
    public sealed interface Command {}

    private record Due() implements Command {}

    private record Finished(
            @Nullable Result result, @Nullable Throwable failure) implements Command {}

    private record Stop() implements Command {}

    private Housekeeper(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        runAfter(parts.settings().firstAfter());
    }

    /**
     * Starts the housekeeper on one of the nodes with this role.
     *
     * @param wake starts the entity of a room
     * @param roomAgeMax the age at which every room is over
     */
    public static void start(
            ActorSystem<?> system,
            Database database,
            HousekeepingSettings settings,
            HousekeepingStatistics statistics,
            RoomNames names,
            Consumer<RoomSid> wake,
            Duration roomAgeMax,
            Clock clock,
            Executor blocking,
            String role) {
        Parts parts = new Parts(
                new Housekeeping(database.dataSource(), settings, statistics),
                settings,
                statistics,
                names,
                wake,
                roomAgeMax,
                clock,
                blocking);
        ShardedDaemonProcess.get(system)
                .init(
                        Command.class,
                        NAME,
                        1,
                        only -> create(parts),
                        ShardedDaemonProcessSettings.create(system).withRole(role),
                        Optional.of(new Stop()));
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Housekeeper(context, timers, parts)));
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
                        return run();
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                parts.blocking());
        getContext().pipeToSelf(run, Finished::new);
        return this;
    }

    private Result run() throws SQLException {
        Instant begin = parts.clock().instant();
        Housekeeping.Deleted deleted = parts.housekeeping().run(begin);
        List<String> names =
                parts.housekeeping().staleNames(begin.minus(parts.roomAgeMax()).minus(NAME_MARGIN));
        List<RoomSid> overdue = parts.housekeeping()
                .inProgressSince(begin.minus(parts.roomAgeMax()).minus(ROOM_MARGIN));
        return new Result(
                deleted, names, overdue, Duration.between(begin, parts.clock().instant()));
    }

    private Behavior<Command> onFinished(Finished finished) {
        Result result = finished.result();
        if (result == null) {
            getContext().getLog().warn("Housekeeping failed and is tried again soon", finished.failure());
            parts.statistics().countFailedRun();
            runAfter(parts.settings().firstAfter());
            return this;
        }
        result.staleNames().forEach(parts.names()::tidy);
        result.overdue().forEach(parts.wake());
        if (!result.overdue().isEmpty()) {
            getContext().getLog().warn("Rooms that should be over are started, so that they end: {}", result.overdue());
        }
        parts.statistics().countDeleted(Kind.NAMES, result.staleNames().size());
        parts.statistics().countRun(result.duration());
        getContext()
                .getLog()
                .info(
                        "Housekeeping: {}, {} names, in {} ms",
                        result.deleted(),
                        result.staleNames().size(),
                        result.duration().toMillis());
        boolean more = result.deleted().more()
                || result.staleNames().size() == parts.settings().batch()
                || result.overdue().size() == parts.settings().batch();
        runAfter(more ? parts.settings().firstAfter() : parts.settings().interval());
        return this;
    }

    private void runAfter(Duration delay) {
        timers.startSingleTimer(new Due(), delay);
    }
}
