package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionId;

/**
 * The actor that knows all signaling sockets of a node. It opens their sessions, finds them by participant, and closes
 * them in a drain.
 */
public final class Sessions extends AbstractBehavior<Sessions.Command> {
    /**
     * The pause between two steps of a command to all sessions. The steps keep clients from coming back all at once.
     */
    private static final Duration STEP = Duration.ofMillis(100);

    /** The shortest time after which a client that waits asks again. */
    static final Duration ASK_AGAIN_MIN = Duration.ofSeconds(1);

    /**
     * The longest time after which a client that waits asks again. The node counts a client as gone that sends nothing
     * for three heartbeats.
     */
    static final Duration ASK_AGAIN_MAX = Duration.ofSeconds(5);

    /**
     * The time that clients have to finish their first connect when a drain begins. The SDK does not repeat a first
     * connect whose socket is closed.
     */
    static final Duration JOINED_WITHIN = Duration.ofSeconds(5);

    public sealed interface Command {}

    /** Opens a session on a new socket. */
    record Open(ClientSocket socket, SocketOrigin origin, ActorRef<ActorRef<SessionCommand>> replyTo)
            implements Command {}

    record Entered(ActorRef<SessionCommand> session, SessionId id) implements Command {}

    /** Asks for the turn of a client that wants to join. The session gets its turn, now or later, or has to wait. */
    record AskTurn(ActorRef<SessionCommand> session, AccountSid account) implements Command {}

    record JoinBegun(ActorRef<SessionCommand> session) implements Command {}

    /** @param isJoined false if the client was refused, or has left before */
    record JoinEnded(ActorRef<SessionCommand> session, boolean isJoined) implements Command {}

    /** Lists the participants whose sockets are at this gateway. */
    public record ListParticipants(ActorRef<List<ParticipantSid>> replyTo) implements Command {}

    /**
     * Closes the socket of one participant with code 1011, so that its client resumes. The reply is whether the
     * participant had a socket at this gateway.
     */
    public record FailSocket(ParticipantSid participant, ActorRef<Boolean> replyTo) implements Command {}

    /**
     * Refuses new sessions and closes all sockets with code 1012, so that their clients resume at other nodes.
     *
     * @param over the time over which the closing is spread, so that the clients do not all come back at once
     * @param replyTo gets a reply when the last session is gone
     */
    public record Drain(Duration over, ActorRef<Done> replyTo) implements Command {}

    /**
     * Makes all sessions register their sockets with their rooms again. This command must be sent when any room may
     * have forgotten its sockets.
     *
     * @param over the time over which the registrations are spread
     */
    public record Resync(Duration over) implements Command {}

    /**
     * Makes the sessions whose rooms ran on some nodes register their sockets with their rooms again, and also the
     * sessions that do not know where their rooms run. This command must be sent when room nodes are lost. Their rooms
     * start again on other nodes, where they know their participants but not the sockets.
     *
     * @param nodes the nodes, named as in {@link org.rotunda.room.protocol.SessionNotice.Synced}
     * @param over the time over which the registrations are spread
     */
    public record ResyncFrom(Set<String> nodes, Duration over) implements Command {
        public ResyncFrom {
            nodes = Set.copyOf(nodes);
        }
    }

    /** Ends a drain: new sessions are accepted again. */
    public enum Undrain implements Command {
        NOW
    }

    private enum Tick implements Command {
        STEP,
        LET_IN,
        JOINED
    }

    /** A command that a session gets in one of the next steps. */
    private record Turn(ActorRef<SessionCommand> session, SessionCommand command) {}

    private final SessionContext shared;
    private final LongSupplier nanoTime;
    private final TimerScheduler<Command> timers;
    private final Map<ActorRef<Void>, Entry> open = new HashMap<>();
    private final Map<ParticipantSid, ActorRef<SessionCommand>> byParticipant = new HashMap<>();
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final List<ActorRef<SessionCommand>> joining = new ArrayList<>(); // These may finish their first connect.
    private final Deque<ActorRef<Done>> drained = new ArrayDeque<>();
    private final JoinLine<ActorRef<SessionCommand>> line;
    private boolean draining;
    private int turnsPerStep;

    private record Entry(
            ActorRef<SessionCommand> session,
            ClientSocket socket,
            @Nullable ParticipantSid participant) {}

    /** @param nanoTime a clock that only goes forward, for the line of joins */
    public static Behavior<Command> create(SessionContext shared, LongSupplier nanoTime) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Sessions(context, timers, shared, nanoTime)));
    }

    private Sessions(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SessionContext shared,
            LongSupplier nanoTime) {
        super(context);
        this.shared = shared;
        this.nanoTime = nanoTime;
        this.timers = timers;
        this.line = new JoinLine<>(
                shared.settings().joinsWaitingMax(), shared.settings().joinTarget(), nanoTime.getAsLong());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Open.class, this::onOpen)
                .onMessage(Entered.class, this::onEntered)
                .onMessage(AskTurn.class, this::onAskTurn)
                .onMessage(JoinBegun.class, this::onJoinBegun)
                .onMessage(JoinEnded.class, this::onJoinEnded)
                .onMessageEquals(Tick.LET_IN, this::letIn)
                .onMessage(ListParticipants.class, this::onListParticipants)
                .onMessage(FailSocket.class, this::onFailSocket)
                .onMessage(Drain.class, this::onDrain)
                .onMessage(Resync.class, this::onResync)
                .onMessage(ResyncFrom.class, this::onResyncFrom)
                .onMessageEquals(Undrain.NOW, this::onUndrain)
                .onMessageEquals(Tick.STEP, this::onStep)
                .onMessageEquals(Tick.JOINED, this::onJoined)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onOpen(Open command) {
        boolean busy = draining || open.size() >= shared.settings().sessionsMax();
        ActorRef<SessionCommand> session = getContext()
                .spawnAnonymous(Session.create(
                        shared,
                        command.socket(),
                        command.origin(),
                        busy,
                        getContext().getSelf()));
        getContext().watch(session);
        open.put(session.unsafeUpcast(), new Entry(session, command.socket(), null));
        shared.statistics().onSocketOpened();
        command.replyTo().tell(session);
        return this;
    }

    private Behavior<Command> onEntered(Entered entered) {
        Entry entry = open.get(entered.session().<Void>unsafeUpcast());
        if (entry != null) {
            ParticipantSid participant = entered.id().participant();
            open.put(entered.session().unsafeUpcast(), new Entry(entry.session(), entry.socket(), participant));
            byParticipant.put(participant, entered.session());
        }
        return this;
    }

    // --- the line of joins ----------------------------------------------------------------------------------------

    private Behavior<Command> onAskTurn(AskTurn command) {
        ActorRef<SessionCommand> session = command.session();
        if (draining) { // The socket was opened before the drain.
            sendAway(session);
            return this;
        }
        switch (line.ask(session, command.account(), nanoTime.getAsLong())) {
            case IN -> session.tell(SessionCommand.Turn.NOW);
            case WAITS ->
                session.tell(new SessionCommand.Wait(
                        new ServerFrame.Busy(pause(line.estimate(session)).toMillis(), true)));
            case FULL -> sendAway(session);
        }
        return letIn();
    }

    /** Makes the client come back on a new socket, which may reach another node. */
    private void sendAway(ActorRef<SessionCommand> session) {
        session.tell(new SessionCommand.Wait(
                new ServerFrame.Busy(shared.settings().busyRetry().toMillis(), false)));
    }

    /** Returns the time after which a client that waits asks again. Its turn may come before. */
    private static Duration pause(Duration estimate) {
        return estimate.compareTo(ASK_AGAIN_MIN) < 0
                ? ASK_AGAIN_MIN
                : estimate.compareTo(ASK_AGAIN_MAX) > 0 ? ASK_AGAIN_MAX : estimate;
    }

    private Behavior<Command> onJoinBegun(JoinBegun begun) {
        line.begun(begun.session(), nanoTime.getAsLong());
        return this;
    }

    private Behavior<Command> onJoinEnded(JoinEnded ended) {
        line.ended(ended.session(), ended.isJoined(), nanoTime.getAsLong());
        return letIn();
    }

    private Behavior<Command> letIn() {
        for (JoinLine.Served<ActorRef<SessionCommand>> served : line.letIn(nanoTime.getAsLong())) {
            shared.statistics().onWaited(served.waited());
            served.who().tell(SessionCommand.Turn.NOW);
        }
        shared.statistics().onLine(line.waiting(), line.underWayMax());
        if (line.waiting() == 0) {
            timers.cancel(Tick.LET_IN);
        } else if (!timers.isTimerActive(Tick.LET_IN)) { // A join that takes too long makes way without a message.
            timers.startTimerWithFixedDelay(Tick.LET_IN, STEP);
        }
        return this;
    }

    // --- all sessions ---------------------------------------------------------------------------------------------

    private Behavior<Command> onListParticipants(ListParticipants command) {
        command.replyTo().tell(List.copyOf(byParticipant.keySet()));
        return this;
    }

    private Behavior<Command> onFailSocket(FailSocket command) {
        ActorRef<SessionCommand> session = byParticipant.get(command.participant());
        if (session != null) {
            session.tell(new SessionCommand.FailSocket("failed on request"));
        }
        command.replyTo().tell(session != null);
        return this;
    }

    private Behavior<Command> onDrain(Drain command) {
        draining = true;
        drained.add(command.replyTo());
        turns.clear(); // A session that closes its socket need not register.
        joining.clear();
        line.dismiss().forEach(this::sendAway);
        open.values().stream()
                .filter(entry -> entry.participant() == null)
                .map(Entry::session)
                .forEach(joining::add);
        inTurn(SessionCommand.Drain.NOW, command.over(), entry -> entry.participant() != null);
        timers.startSingleTimer(Tick.JOINED, JOINED_WITHIN);
        return this;
    }

    /** Sends those away who were still connecting when the drain began. */
    private Behavior<Command> onJoined() {
        joining.forEach(session -> session.tell(SessionCommand.Drain.NOW));
        joining.clear();
        return this;
    }

    private Behavior<Command> onUndrain() {
        if (draining) {
            draining = false;
            turns.clear();
            joining.clear();
            timers.cancel(Tick.JOINED);
            drained.forEach(replyTo -> replyTo.tell(Done.getInstance()));
            drained.clear();
        }
        return this;
    }

    private Behavior<Command> onResync(Resync command) {
        if (!draining) { // In a drain this is not needed: the sessions register when they are resumed elsewhere.
            turns.clear(); // The new turns reach every session.
            inTurn(SessionCommand.Resync.NOW, command.over());
        }
        return this;
    }

    /**
     * Only a session itself knows where its room runs, so all sessions get the command. Turns of an earlier command stay
     * in the queue, because it may name other nodes.
     */
    private Behavior<Command> onResyncFrom(ResyncFrom command) {
        if (!draining) {
            inTurn(new SessionCommand.ResyncFrom(command.nodes()), command.over());
        }
        return this;
    }

    /** Sends a command to all sessions, spread over a time, after the turns that are in the queue already. */
    private void inTurn(SessionCommand command, Duration over) {
        inTurn(command, over, entry -> true);
    }

    private void inTurn(SessionCommand command, Duration over, Predicate<Entry> selected) {
        open.values().stream().filter(selected).forEach(entry -> turns.add(new Turn(entry.session(), command)));
        long steps = Math.max(1, over.toMillis() / STEP.toMillis());
        turnsPerStep = (int) Math.max(1, (turns.size() + steps - 1) / steps);
        timers.startTimerAtFixedRate(Tick.STEP, Duration.ZERO, STEP);
    }

    private Behavior<Command> onStep() {
        for (int i = 0; i < turnsPerStep && !turns.isEmpty(); i++) {
            Turn turn = turns.remove();
            turn.session().tell(turn.command());
        }
        if (turns.isEmpty()) {
            timers.cancel(Tick.STEP);
        }
        answerWhenDrained();
        return this;
    }

    private Behavior<Command> onTerminated(Terminated terminated) {
        Entry entry = Objects.requireNonNull(open.remove(terminated.getRef()));
        // If the actor failed, its socket is still open. After a regular end this call does nothing.
        entry.socket().fail("session has stopped");
        if (entry.participant() != null) {
            byParticipant.remove(entry.participant(), entry.session());
        }
        line.ended(entry.session(), false, nanoTime.getAsLong());
        shared.statistics().onSocketClosed();
        answerWhenDrained();
        return this;
    }

    private void answerWhenDrained() {
        if (draining && open.isEmpty()) {
            drained.forEach(replyTo -> replyTo.tell(Done.getInstance()));
            drained.clear();
        }
    }
}
