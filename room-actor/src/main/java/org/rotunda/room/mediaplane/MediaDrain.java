package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.MediaNodeLoad;
import org.slf4j.Logger;

/**
 * Runs the {@link Drain} of a media node: gives it time and the loads of the other media nodes, asks rooms to leave as
 * it says, and tells who waits for its end. Owned by the {@link MediaNode}.
 */
final class MediaDrain {
    /** The time within which a room decides to leave. A room that has not answered then is asked again. */
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(5);

    /** How often the loads of the other media nodes are read. They report them once a second. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** The time within which the other media nodes are found. Before, the absence of all of them means nothing. */
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(3);

    private final ActorContext<MediaNode.Command> context;
    private final TimerScheduler<MediaNode.Command> timers;
    private final MediaNodeGauge gauge;
    private final Function<String, Optional<ActorRef<MediaNode.Notice>>> conductorOf;
    private final Drain drain;
    private final long begunNanos;
    private final MediaNodes others;
    private final List<ActorRef<DrainStatus>> waiting = new ArrayList<>();
    /** A directory of the media nodes for this drain alone; null if the process has one anyway. */
    private @Nullable ActorRef<MediaNodeDirectory.Command> directory;

    private boolean wasBlocked;
    private boolean wasOver;

    /** A message of the drain to itself. */
    sealed interface Message extends MediaNode.Command {}

    /** The answer of a room that was asked to leave; {@code failure} is null if the room has decided to leave. */
    private record Answered(String room, @Nullable Throwable failure) implements Message {}

    private enum Tick implements Message {
        LOOK,
        DEADLINE
    }

    /**
     * Begins a drain.
     *
     * @param known the media nodes that this process knows; empty if the process keeps no directory of them
     * @param limit the time limit
     * @param connections the number of connections on the node
     * @param conductorOf finds the conductor of a room that has connections on the node
     */
    MediaDrain(
            ActorContext<MediaNode.Command> context,
            TimerScheduler<MediaNode.Command> timers,
            MediaNodeGauge gauge,
            Optional<MediaNodes> known,
            Duration limit,
            int connections,
            Function<String, Optional<ActorRef<MediaNode.Notice>>> conductorOf) {
        this.context = context;
        this.timers = timers;
        this.gauge = gauge;
        this.conductorOf = conductorOf;
        this.begunNanos = System.nanoTime();
        this.drain = new Drain(connections, limit, begunNanos);
        this.others = known.orElseGet(this::openDirectory);
        timers.startTimerWithFixedDelay(Tick.LOOK, Duration.ZERO, LOOK_EVERY);
        log().atInfo()
                .addKeyValue("connections", connections)
                .addKeyValue("limit", limit)
                .log("drain begins: rooms move to other media nodes");
    }

    private MediaNodes openDirectory() {
        MediaNodeDirectory.View view = new MediaNodeDirectory.View();
        directory = context.spawnAnonymous(MediaNodeDirectory.create(view));
        return view;
    }

    private Logger log() {
        return context.getLog();
    }

    /** Ends the drain before it is over. Moves that rooms have decided go on. */
    void cancel() {
        timers.cancel(Tick.LOOK);
        timers.cancel(Tick.DEADLINE);
        if (directory != null) {
            context.stop(directory);
        }
        gauge.drained(DrainStatus.NONE);
        waiting.forEach(replyTo -> replyTo.tell(DrainStatus.NONE));
        log().info("drain is taken back: the node takes new rooms again");
    }

    /** Shortens the time limit, if it would end later than the given time from now. */
    void limit(Duration limit) {
        drain.limit(limit, System.nanoTime());
        follow();
    }

    /** Answers when the drain is over. */
    void await(ActorRef<DrainStatus> replyTo) {
        waiting.add(replyTo);
        follow();
    }

    /** Notes how many connections the room has on the node now. */
    void onRoom(String room, int connections) {
        drain.onRoom(room, connections, System.nanoTime());
        follow();
    }

    void on(Message message) {
        long nowNanos = System.nanoTime();
        if (message instanceof Answered answered) {
            onAnswered(answered, nowNanos);
        } else if (message == Tick.LOOK) {
            look(nowNanos);
        } else {
            drain.onDeadline(nowNanos);
        }
        follow();
    }

    private void onAnswered(Answered answered, long nowNanos) {
        if (answered.failure() == null) {
            drain.onDecided(answered.room(), nowNanos);
        } else {
            log().debug("Room {} does not leave yet", answered.room(), answered.failure());
            drain.onRefused(answered.room(), !(answered.failure() instanceof TimeoutException), nowNanos);
        }
    }

    /** Reads the loads of the other media nodes. */
    private void look(long nowNanos) {
        List<MediaNodeLoad> loads = others.live().stream()
                .filter(node -> !node.id().equals(gauge.id()))
                .toList();
        if (!loads.isEmpty() || nowNanos - begunNanos > FOUND_WITHIN.toNanos()) {
            drain.onOthers(loads, nowNanos);
        }
    }

    /** Describes the drain for operators. */
    DrainView view() {
        return new DrainView(
                DrainStatus.of(drain),
                drain.rooms(DrainView.ROOMS_MAX).stream()
                        .map(room ->
                                new DrainView.Room(room.sid(), room.connections(), room.phase() == Drain.Phase.DECIDED))
                        .toList());
    }

    /** Does what the drain wants after an input. */
    private void follow() {
        drain.takeMoves().forEach(this::askToLeave);
        long deadlineNanos = drain.nextDeadlineNanos();
        if (deadlineNanos == Long.MAX_VALUE) {
            timers.cancel(Tick.DEADLINE);
        } else {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            timers.startSingleTimer(Tick.DEADLINE, left);
        }
        DrainStatus status = DrainStatus.of(drain);
        gauge.drained(status);
        tell(status);
        if (status.isOver()) {
            waiting.forEach(replyTo -> replyTo.tell(status));
            waiting.clear();
        }
    }

    private void askToLeave(Drain.Move move) {
        // A room that has gone meanwhile is not asked; the drain hears of its end.
        conductorOf
                .apply(move.room())
                .ifPresent(conductor -> context.askWithStatus(
                        Done.class,
                        conductor,
                        DECIDED_WITHIN,
                        replyTo -> new MediaNode.LeaveAsked(gauge.id(), move.target(), replyTo),
                        (done, failure) -> new Answered(move.room(), failure)));
    }

    /** Writes a line when the drain is blocked, goes on, or is over. */
    private void tell(DrainStatus status) {
        if (status.blocked() && !wasBlocked) {
            log().warn("drain is blocked: no media node can take the {} connections that are left", status.left());
        } else if (wasBlocked && !status.blocked() && !status.isOver()) {
            log().info("drain goes on");
        }
        if (status.state() == DrainStatus.State.OVERDUE && !wasOver) {
            log().warn("drain is over: {} connections could not be moved in time", status.left() + status.leaving());
        } else if (status.state() == DrainStatus.State.DRAINED && !wasOver) {
            log().info("drain is over: {} connections have moved, the node is empty", status.moved());
        }
        wasBlocked = status.blocked();
        wasOver = status.isOver();
    }
}
