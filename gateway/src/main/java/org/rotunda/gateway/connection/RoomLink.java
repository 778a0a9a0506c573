package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.connection.SessionCommand.Replied;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.connection.SessionCommand.Told;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/**
 * The connection of a session to its room. Holds the session id and the client's latest state, and repeats a sync with
 * that state until the room answers. Owned by one session, which receives the ticks of the timers.
 *
 * <p>The session in the room outlives this object. When the socket is lost, the room gets {@link
 * RoomCommand.SocketLost}, and a socket at any gateway may resume the session.
 */
final class RoomLink {
    /**
     * The maximum number of notices that are held until the reply to a connect or sync arrives. Normally only a few
     * notices overtake the reply.
     */
    static final int EARLY_NOTICES_MAX = 256;

    private final SessionContext shared;
    private final TimerScheduler<SessionCommand> timers;
    private final ActorRef<SessionNotice> notices;
    private final ActorRef<StatusReply<?>> replies;
    private final ClientState client = new ClientState();
    private final List<SessionNotice> early = new ArrayList<>();
    private @Nullable SessionId sessionId;
    private boolean isSyncing;

    // The node on which the room ran when it last answered. Null before the first answer, and while a sync is under
    // way.
    private @Nullable String node;

    // Pekko selects a message adapter by the class, without type parameters, so the cast is unchecked. The session
    // checks the type of a reply when the reply arrives.
    @SuppressWarnings({"unchecked", "rawtypes"})
    RoomLink(SessionContext shared, ActorContext<SessionCommand> context, TimerScheduler<SessionCommand> timers) {
        this.shared = shared;
        this.timers = timers;
        this.notices = context.messageAdapter(SessionNotice.class, Told::new);
        this.replies = (ActorRef) context.messageAdapter(StatusReply.class, Replied::new);
    }

    /** Returns the actor to which the room sends its notices. */
    ActorRef<SessionNotice> notices() {
        return notices;
    }

    @SuppressWarnings("unchecked") // See the constructor.
    <T> ActorRef<StatusReply<T>> reply() {
        return (ActorRef<StatusReply<T>>) (ActorRef<?>) replies;
    }

    /** Returns the session that this socket serves or is about to resume, or null if there is no such session. */
    @Nullable
    SessionId sessionId() {
        return sessionId;
    }

    /** Stores the session that this socket serves or is about to resume. */
    void open(SessionId id) {
        sessionId = id;
    }

    /**
     * Stores state of a client that the room has not answered yet, without sending it. The caller sends it to the room
     * in another command.
     */
    void remember(
            @Nullable ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates) {
        descriptions.forEach(each -> client.open(each.connectionId()));
        client.update(participant, descriptions, candidates);
    }

    void update(SessionId current, ClientMessage.Update update) {
        client.update(update.participant(), update.descriptions(), update.candidates());
        tell(
                current,
                new RoomCommand.Update(current, client.participant(), update.descriptions(), update.candidates()));
    }

    /** Notes the descriptions that are about to be sent to the client. */
    void told(List<ConnectionDescription> descriptions) {
        client.told(descriptions);
    }

    /** Notes the connections in the answer to a connect, which is about to be sent to the client. */
    void connected(List<SessionNotice.Connection> connections) {
        client.connected(connections);
    }

    /** Notes the connections in the answer to a sync, which is about to be sent to the client. */
    void synced(List<SessionNotice.Connection> connections) {
        client.synced(connections);
    }

    /**
     * Sends the client's whole latest state to the room. A room whose node was lost needs this state, because it lacks
     * the last updates.
     */
    void sync() {
        SessionId id = sessionId;
        if (id != null) {
            isSyncing = true;
            node = null;
            tell(
                    id,
                    new RoomCommand.Sync(
                            id, client.participant(), client.descriptions(), client.candidates(), notices, reply()));
            timers.startSingleTimer(Tick.REPEAT_SYNC, shared.settings().syncRepeat());
        }
    }

    /** Returns whether a sync has not been answered yet. */
    boolean isSyncing() {
        return isSyncing;
    }

    void onRepeatSync() {
        if (isSyncing) {
            sync();
        }
    }

    /** Repeats a sync that is under way at once, unless the sync pauses because the room is busy. */
    void hurry() {
        if (timers.isTimerActive(Tick.REPEAT_SYNC)) {
            sync();
        }
    }

    /** Stores the node that an answer of the room names. */
    void answeredFrom(@Nullable String answering) {
        node = answering;
    }

    /** Returns whether the room last answered from this node. */
    boolean isAt(@Nullable String other) {
        return Objects.equals(node, other);
    }

    /** Returns whether the room may run on one of these nodes. A room whose node is not known may run on any node. */
    boolean mayRunOn(Set<String> nodes) {
        return node == null || nodes.contains(node);
    }

    /**
     * Stops repeating the sync, because the room is busy. After {@code busy-retry}, {@code command} is sent to the
     * {@link Session}.
     */
    void later(SessionCommand command) {
        timers.cancel(Tick.REPEAT_SYNC);
        timers.startSingleTimer(command, shared.settings().busyRetry());
    }

    /** Starts the timer for {@link Tick#ROOM_SILENT}. {@link #expectNothing} stops the timer. */
    void expectAnswer(Duration within) {
        timers.startSingleTimer(Tick.ROOM_SILENT, within);
    }

    void expectNothing() {
        isSyncing = false;
        timers.cancel(Tick.ROOM_SILENT);
        timers.cancel(Tick.REPEAT_SYNC);
    }

    /**
     * Holds a notice that has overtaken the reply to a connect or sync, until that reply arrives. Returns false if too
     * many notices are held.
     */
    boolean hold(SessionNotice notice) {
        return early.size() < EARLY_NOTICES_MAX && early.add(notice);
    }

    /** Returns the held notices in order and forgets them. */
    List<SessionNotice> release() {
        List<SessionNotice> held = List.copyOf(early);
        early.clear();
        return held;
    }

    /** Tells the room that the socket is lost; the session stays in the room until its timeout. */
    void lose() {
        SessionId id = sessionId;
        if (id != null) {
            shared.statistics().onSessionLost();
            tell(id, new RoomCommand.SocketLost(id, notices));
        }
    }

    /** Ends the session in the room, because the client leaves or has to leave. */
    void leave() {
        SessionId id = sessionId;
        if (id != null) {
            end(id);
            sessionId = null;
        }
    }

    /** Forgets the session, because the room itself has ended it. */
    void forget() {
        sessionId = null;
    }

    /** Ends a session in its room, even if this socket does not serve the session. */
    void end(SessionId id) {
        tell(id, new RoomCommand.Disconnect(id));
    }

    private void tell(SessionId id, RoomCommand command) {
        shared.rooms().room(id.room()).tell(command);
    }
}
