package org.rotunda.node.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rotunda.room.RoomSystem;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;

/**
 * Makes the sessions of a gateway register with their rooms again when the rooms may no longer know the sessions. If a
 * node with rooms was lost, came back, or had counted this node as lost, only the sessions whose rooms ran there
 * register again. If this node did not run for a while, any node may have counted it as lost, so all sessions register
 * again. Each gateway has one such actor, which stops with the actor system.
 */
public final class RoomsLostWatch extends AbstractBehavior<RoomsLostWatch.Command> {
    /** The time for which events are gathered, so that several events make each session register only once. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** The time over which the registrations of all sessions are spread. */
    private static final Duration SPREAD = Duration.ofMillis(500);

    /** The messages to the watch. */
    sealed interface Command {}

    private record Found(WatchEvent event) implements Command {}

    private record Due() implements Command {}

    private final TimerScheduler<Command> timers;
    private final Consumer<Duration> resyncAll;
    private final BiConsumer<Set<String>, Duration> resyncFrom;
    private final Set<String> nodes = new HashSet<>(); // The room nodes of the gathered events.
    private boolean concernsAll; // True if a gathered event concerns all sessions.

    private RoomsLostWatch(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Consumer<Duration> resyncAll,
            BiConsumer<Set<String>, Duration> resyncFrom) {
        super(context);
        this.timers = timers;
        this.resyncAll = resyncAll;
        this.resyncFrom = resyncFrom;
        ActorRef<WatchEvent> found = context.messageAdapter(WatchEvent.class, Found::new);
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(WatchEvent.class, found));
    }

    /**
     * Returns the behavior of the watch.
     *
     * @param resyncAll makes all sessions register again, spread over the given time
     * @param resyncFrom makes the sessions whose rooms ran on the given nodes register again, spread over the given
     *     time; each node is given as the text of its {@link NodeId}
     */
    public static Behavior<Void> create(Consumer<Duration> resyncAll, BiConsumer<Set<String>, Duration> resyncFrom) {
        return Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> new RoomsLostWatch(context, timers, resyncAll, resyncFrom)))
                .unsafeCast();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Found.class, this::onFound)
                .onMessage(Due.class, this::onDue)
                .build();
    }

    private Behavior<Command> onFound(Found found) {
        if (found.event() instanceof NodePaused) {
            concernsAll = true;
            gather();
        } else if (found.event() instanceof NodeLost lost) {
            gather(lost.node(), lost.roles());
        } else if (found.event() instanceof NodeBack back) {
            gather(back.node(), back.roles());
        }
        return this;
    }

    private void gather(NodeId node, Set<String> roles) {
        if (roles.contains(RoomSystem.ROLE)) {
            nodes.add(node.toString());
            gather();
        }
    }

    private void gather() {
        if (!timers.isTimerActive(Due.class)) {
            timers.startSingleTimer(Due.class, new Due(), GATHER);
        }
    }

    private Behavior<Command> onDue(Due due) {
        if (concernsAll) {
            resyncAll.accept(SPREAD);
        } else {
            resyncFrom.accept(Set.copyOf(nodes), SPREAD);
        }
        concernsAll = false;
        nodes.clear();
        return this;
    }
}
