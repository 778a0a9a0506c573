package org.rotunda.node.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rotunda.room.RoomSystem;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;

/**
 * Makes the sessions of a gateway register with their rooms again when the rooms may no longer know the sessions. The
 * reason may be that a node with rooms was lost, came back, or counted this node as lost, or that this node did not run
 * for a while. Each gateway has one such actor, which stops with the actor system.
 */
public final class RoomsLostWatch {
    /** The time for which events are gathered, so that several events make each session register only once. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** The time over which the registrations of all sessions are spread. */
    private static final Duration SPREAD = Duration.ofMillis(500);

    private sealed interface Command {}

    private record Found(WatchEvent event) implements Command {}

    private record Due() implements Command {}

    private RoomsLostWatch() {}

    /** @param resync makes all sessions register again, spread over the given time */
    public static Behavior<Void> create(Consumer<Duration> resync) {
        return Behaviors.<Command>setup(context -> {
                    ActorRef<WatchEvent> found = context.messageAdapter(WatchEvent.class, Found::new);
                    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(WatchEvent.class, found));
                    return Behaviors.withTimers(timers -> Behaviors.receive(Command.class)
                            .onMessage(Found.class, message -> {
                                if (concernsSessions(message.event()) && !timers.isTimerActive(Due.class)) {
                                    timers.startSingleTimer(Due.class, new Due(), GATHER);
                                }
                                return Behaviors.same();
                            })
                            .onMessage(Due.class, due -> {
                                resync.accept(SPREAD);
                                return Behaviors.same();
                            })
                            .build());
                })
                .unsafeCast();
    }

    private static boolean concernsSessions(WatchEvent event) {
        return event instanceof NodePaused
                || (event instanceof NodeLost lost && runsRooms(lost.roles()))
                || (event instanceof NodeBack back && runsRooms(back.roles()));
    }

    private static boolean runsRooms(Set<String> roles) {
        return roles.contains(RoomSystem.ROLE);
    }
}
