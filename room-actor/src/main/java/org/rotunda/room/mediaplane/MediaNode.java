package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Represents one node's media router in the cluster. The actor passes the commands of rooms to the router. It passes
 * each event of the router to the conductor of the room that the event concerns. Each media node has one such actor.
 * The actor uses the router until the actor stops. The router may already have served rooms for an earlier actor system
 * of the same process.
 */
public final class MediaNode extends AbstractBehavior<MediaNode.Command> {
    /** The key under which the receptionist lists the media nodes of the cluster. */
    public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "media-node");

    private final String id;
    private final ProcessRouter process;
    private final MediaRouter router;
    private final Runnable atEnd;
    private final Map<String, Hosting> rooms = new HashMap<>();
    /**
     * The transports that an earlier media node left on the router and about which the router has sent no event since.
     * The router may have closed them while no media node used the router.
     */
    private final Set<TransportId> unconfirmed = new HashSet<>();
    /**
     * The conductors that have closed a transport, by transport. They are kept until the router reports the end of the
     * transport. The conductor that closed first comes first.
     */
    private final Map<TransportId, Deque<ActorRef<Notice>>> closing = new HashMap<>();

    private final TimerScheduler<Command> timers;
    private final Optional<MediaNodes> known;
    private final MediaNodeGauge gauge;
    private int transports; // The number of transports of all rooms.
    private boolean takesNoRooms; // True from the moment in which the node is to be drained.
    private @Nullable MediaDrain drain; // Null while no connections are moved.

    /** A command to a media node. */
    public sealed interface Command
            permits Deliver,
                    Retain,
                    Describe,
                    CloseToNewRooms,
                    BeginDrain,
                    EndDrain,
                    LookAtDrain,
                    Stop,
                    Heard,
                    Measured,
                    MediaDrain.Message {}

    /**
     * Hands a command to the router. The node refuses the command if the node has seen a higher epoch of the room.
     *
     * @param conductor gets all events of the room from now on
     */
    public record Deliver(MediaCommand command, ActorRef<Notice> conductor) implements Command {}

    /**
     * Closes all transports of the room except those in {@code keep}. The clients are not told, because their
     * connections may continue on other nodes. The node ignores this command if the node has seen a higher epoch of the
     * room.
     *
     * @param keep the transports that the owner of this epoch has placed on this node
     * @param conductor gets all events of the room from now on
     */
    public record Retain(String roomSid, long epoch, Set<TransportId> keep, ActorRef<Notice> conductor)
            implements Command {
        public Retain {
            keep = Set.copyOf(keep);
        }
    }

    /**
     * A notice for a conductor. It names the media node, because a connection that moves has the same id on both nodes.
     */
    public sealed interface Notice {}

    /** An event for a conductor. */
    public record Told(String mediaNode, MediaEvent event) implements Notice {}

    /** Measurements for a conductor. They may be lost. */
    public record Reported(String mediaNode, RoomReport report) implements Notice {}

    public record Describe(ActorRef<Described> replyTo) implements Command {}

    /**
     * The answer to {@link Describe}.
     *
     * @param node the media node that answers
     */
    public record Described(MediaNodeLoad load, ActorRef<Command> node) {}

    /**
     * Asks the room to move all its connections on the media node to another media node, because the media node is
     * drained. The room answers when the move is decided. It refuses if no media node can take the connections.
     *
     * @param target the media node that should take them. The room takes another one if the room has connections on
     *     that other one already, or if the target cannot take them
     */
    public record LeaveAsked(String mediaNode, String target, ActorRef<StatusReply<Done>> replyTo) implements Notice {}

    /**
     * Makes the node take no new rooms, as at the begin of a drain. Its connections stay. The command does not leave the
     * process.
     */
    public record CloseToNewRooms() implements Command {}

    /**
     * Drains the node: it takes no new rooms from now on, and asks its rooms to move to other media nodes. A room takes
     * new participants here until it has moved. The command does not leave the process.
     *
     * @param limit the time after which all rooms that are left are asked at once. A later drain can only shorten it
     * @param replyTo gets an answer when the drain is over
     */
    public record BeginDrain(Duration limit, ActorRef<DrainStatus> replyTo) implements Command {}

    /** Ends the drain: the node takes new rooms again. Rooms that have decided to leave leave. */
    public record EndDrain() implements Command {}

    /** Describes the drain. */
    public record LookAtDrain(ActorRef<DrainView> replyTo) implements Command {}

    /** Stops the node. The clients are not told, because their connections may continue on other nodes. */
    public record Stop() implements Command {}

    private record Heard(MediaEvent event) implements Command {}

    private record Measured(RoomReport report) implements Command {}

    /** Passes what the router tells to the actor. It runs on an event loop, so it only sends messages. */
    private record Listener(ActorRef<Command> node) implements MediaListener {
        @Override
        public void onEvent(MediaEvent event) {
            node.tell(new Heard(event));
        }

        @Override
        public void onReport(RoomReport report) {
            node.tell(new Measured(report));
        }
    }

    private MediaNode(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ProcessRouter process,
            MediaNodeGauge gauge,
            Optional<MediaNodes> known,
            Runnable atEnd) {
        super(context);
        this.timers = timers;
        this.known = known;
        this.id = process.id();
        this.process = process;
        this.router = process.router();
        this.gauge = gauge;
        this.atEnd = atEnd;
        process.attach(new Listener(context.getSelf())).forEach(this::takeOver);
        gauge.opened(router);
    }

    /**
     * Creates the actor, which registers itself with the receptionist.
     *
     * @param gauge contains the id of the node, which is new with every start, and gets the node's load after each
     *     change
     * @param routerFactory opens the router, which is closed when the actor stops
     */
    public static Behavior<Command> create(MediaNodeGauge gauge, Function<MediaListener, MediaRouter> routerFactory) {
        return Behaviors.setup(context -> {
            ProcessRouter process = ProcessRouter.open(gauge.id(), routerFactory);
            return registered(process, gauge, Optional.empty(), process::close);
        });
    }

    /**
     * Creates the actor, which registers itself with the receptionist.
     *
     * @param process the router, which is closed when the actor stops
     * @param gauge contains the id of the router, and gets the node's load after each change
     * @param known the media nodes that this process knows; empty if the process keeps no directory of them
     */
    public static Behavior<Command> createClosing(
            ProcessRouter process, MediaNodeGauge gauge, Optional<MediaNodes> known) {
        return registered(process, gauge, known, process::close);
    }

    /**
     * Creates the actor, which registers itself with the receptionist.
     *
     * @param process the router, which stays open when the actor stops
     * @param gauge contains the id of the router, and gets the node's load after each change
     * @param known the media nodes that this process knows; empty if the process keeps no directory of them
     */
    public static Behavior<Command> create(ProcessRouter process, MediaNodeGauge gauge, Optional<MediaNodes> known) {
        return registered(process, gauge, known, () -> {});
    }

    private static Behavior<Command> registered(
            ProcessRouter process, MediaNodeGauge gauge, Optional<MediaNodes> known, Runnable atEnd) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
            return new MediaNode(context, timers, process, gauge, known, atEnd);
        }));
    }

    /**
     * Takes over a room that an earlier media node of this process left on the router. No conductor gets the events of
     * the room until an owner of the room sends {@link Retain} or {@link Deliver}. If no owner does so, the router
     * closes the transports as abandoned.
     */
    private void takeOver(String roomSid, ProcessRouter.HeldRoom held) {
        Hosting hosting = new Hosting(getContext().getSystem().ignoreRef());
        hosting.epoch = held.epoch();
        hosting.transports.addAll(held.transports());
        rooms.put(roomSid, hosting);
        count(roomSid, hosting, held.transports().size());
        for (TransportId transport : held.transports()) {
            unconfirmed.add(transport);
            router.submit(new MediaCommand.ReportTransport(transport, held.epoch()));
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(Retain.class, this::onRetain)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(Measured.class, this::onMeasured)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(CloseToNewRooms.class, this::onCloseToNewRooms)
                .onMessage(BeginDrain.class, this::onBeginDrain)
                .onMessage(EndDrain.class, this::onEndDrain)
                .onMessage(LookAtDrain.class, this::onLookAtDrain)
                .onMessage(MediaDrain.Message.class, this::onDrainMessage)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<Command> onDeliver(Deliver deliver) {
        MediaCommand command = deliver.command();
        TransportId transport = command.transport();
        Hosting hosting = rooms.get(transport.roomSid());
        if (hosting != null && command.epoch() < hosting.epoch) {
            refuse(deliver, MediaEvent.Refusal.STALE_EPOCH);
            return this;
        }
        if (command instanceof MediaCommand.OpenTransport) {
            if (takesNoRooms && hosting == null) {
                refuse(deliver, MediaEvent.Refusal.DRAINING);
                return this;
            }
            hosting = rooms.computeIfAbsent(transport.roomSid(), room -> new Hosting(deliver.conductor()));
            if (hosting.transports.add(transport)) {
                count(transport.roomSid(), hosting, 1);
            }
            unconfirmed.remove(transport);
        }
        if (hosting == null) {
            refuse(deliver, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
            return this;
        }
        hosting.epoch = command.epoch();
        hosting.conductor = deliver.conductor();
        if (command instanceof MediaCommand.CloseTransport close) {
            close(hosting, close);
        } else {
            router.submit(command);
        }
        return this;
    }

    /**
     * Closes a transport and forgets it at once, without waiting for the router's report. The same connection may be
     * opened here again before that report arrives.
     */
    private void close(Hosting hosting, MediaCommand.CloseTransport close) {
        router.submit(close);
        TransportId transport = close.transport();
        if (hosting.transports.contains(transport)) {
            closing.computeIfAbsent(transport, id -> new ArrayDeque<>()).add(hosting.conductor);
            forget(hosting, transport);
        }
    }

    private void forget(Hosting hosting, TransportId transport) {
        unconfirmed.remove(transport);
        if (hosting.transports.remove(transport)) {
            count(transport.roomSid(), hosting, -1);
        }
        if (hosting.transports.isEmpty()) {
            rooms.remove(transport.roomSid());
        }
    }

    private void count(String room, Hosting hosting, int change) {
        transports += change;
        gauge.transports(transports);
        if (drain != null) {
            drain.onRoom(room, hosting.transports.size());
        }
    }

    private Behavior<Command> onRetain(Retain retain) {
        Hosting hosting = rooms.get(retain.roomSid());
        if (hosting == null || retain.epoch() < hosting.epoch) {
            return this;
        }
        hosting.epoch = retain.epoch();
        hosting.conductor = retain.conductor();
        for (TransportId transport : List.copyOf(hosting.transports)) {
            if (!retain.keep().contains(transport)) {
                close(hosting, new MediaCommand.CloseTransport(transport, retain.epoch(), false));
            }
        }
        return this;
    }

    private Behavior<Command> onHeard(Heard heard) {
        MediaEvent event = heard.event();
        TransportId transport = event.transport();
        Deque<ActorRef<Notice>> closers = closing.get(transport);
        if (closers != null) {
            onEventWhileClosing(transport, event, closers);
            return this;
        }
        Hosting hosting = rooms.get(transport.roomSid());
        if (hosting == null) {
            getContext().getLog().debug("No room has the transport of {}", event);
            return this;
        }
        hosting.conductor.tell(new Told(id, event));
        boolean isGone = unconfirmed.remove(transport) && isRefused(event, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
        if (isGone || isClosed(event) || isRefused(event, MediaEvent.Refusal.NODE_FULL)) {
            forget(hosting, transport);
        }
        return this;
    }

    /** Passes measurements to the room. They are dropped if no conductor has the room. */
    private Behavior<Command> onMeasured(Measured measured) {
        Hosting hosting = rooms.get(measured.report().roomSid());
        if (hosting != null) {
            hosting.conductor.tell(new Reported(id, measured.report()));
        }
        return this;
    }

    /**
     * Handles an event of a closed transport. Until the router reports the end of that transport, all events with its
     * id belong to it, even if the same connection is open here again.
     */
    private void onEventWhileClosing(TransportId transport, MediaEvent event, Deque<ActorRef<Notice>> closers) {
        if (event instanceof MediaEvent.Unacknowledged) {
            closers.element().tell(new Told(id, event));
        } else if (isClosed(event) || isRefused(event, MediaEvent.Refusal.UNKNOWN_TRANSPORT)) {
            closers.remove();
            if (closers.isEmpty()) {
                closing.remove(transport);
            }
        }
    }

    private static boolean isClosed(MediaEvent event) {
        return event instanceof MediaEvent.StateChanged changed && changed.state() == MediaEvent.State.CLOSED;
    }

    private static boolean isRefused(MediaEvent event, MediaEvent.Refusal reason) {
        return event instanceof MediaEvent.CommandRefused refused && refused.refusal() == reason;
    }

    private Behavior<Command> onDescribe(Describe describe) {
        describe.replyTo().tell(new Described(gauge.load(), getContext().getSelf()));
        return this;
    }

    // --- the drain

    private Behavior<Command> onCloseToNewRooms(CloseToNewRooms close) {
        takesNoRooms(true);
        return this;
    }

    private void takesNoRooms(boolean value) {
        takesNoRooms = value;
        gauge.drains(value);
    }

    private Behavior<Command> onBeginDrain(BeginDrain begin) {
        if (drain == null) {
            takesNoRooms(true);
            drain = new MediaDrain(getContext(), timers, gauge, known, begin.limit(), transports, this::conductorOf);
            for (Map.Entry<String, Hosting> room : rooms.entrySet()) {
                drain.onRoom(room.getKey(), room.getValue().transports.size());
            }
        } else {
            drain.limit(begin.limit());
        }
        drain.await(begin.replyTo());
        return this;
    }

    private Optional<ActorRef<Notice>> conductorOf(String room) {
        return Optional.ofNullable(rooms.get(room)).map(hosting -> hosting.conductor);
    }

    private Behavior<Command> onDrainMessage(MediaDrain.Message message) {
        if (drain != null) {
            drain.on(message);
        }
        return this;
    }

    private Behavior<Command> onEndDrain(EndDrain end) {
        if (drain != null) {
            drain.cancel();
            drain = null;
        }
        takesNoRooms(false);
        return this;
    }

    private Behavior<Command> onLookAtDrain(LookAtDrain look) {
        look.replyTo().tell(drain == null ? DrainView.NONE : drain.view());
        return this;
    }

    private Behavior<Command> onPostStop(PostStop signal) {
        Map<String, ProcessRouter.HeldRoom> held = new HashMap<>();
        rooms.forEach((room, hosting) -> held.put(room, new ProcessRouter.HeldRoom(hosting.epoch, hosting.transports)));
        process.detach(held);
        atEnd.run();
        return this;
    }

    private void refuse(Deliver deliver, MediaEvent.Refusal reason) {
        MediaCommand command = deliver.command();
        deliver.conductor()
                .tell(new Told(id, new MediaEvent.CommandRefused(command.transport(), command.epoch(), reason)));
    }

    /**
     * A room with transports on this node. It keeps the highest epoch heard, and the conductor that sent that epoch.
     */
    private static final class Hosting {
        private final Set<TransportId> transports = new HashSet<>();
        private ActorRef<Notice> conductor;
        private long epoch;

        private Hosting(ActorRef<Notice> conductor) {
            this.conductor = conductor;
        }
    }
}
