package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.connection.SessionCommand.Replied;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.connection.SessionCommand.Told;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/**
 * A session's side towards its room: holds the session id and the client's latest state, and repeats a sync with that
 * state until the room answers. Owned by one session; time comes as the session's ticks.
 *
 * <p>The session in the room outlives this object: when the socket is lost the room is told {@link
 * RoomCommand.SocketLost}, and another socket, at any gateway, may resume the session.
 */
final class RoomLink {
    /**
     * The most notices that are held because they overtook the reply to a connect or sync. A room sends only a handful
     * of them.
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

    // The actor chooses the adapter by the erased class; the type of the reply is checked when the reply arrives.
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

    /**
     * Returns the session that this socket has or is about to resume; null before the socket has a session and after
     * that session has ended.
     */
    @Nullable
    SessionId sessionId() {
        return sessionId;
    }

    /** Stores the session that this socket serves from now on. */
    void open(SessionId id) {
        sessionId = id;
    }

    /** Stores a state of the client that the caller sends to the room in another command. */
    void remember(@Nullable ClientParticipant participant, List<ConnectionDescription> descriptions) {
        client.update(participant, descriptions);
    }

    void update(SessionId current, @Nullable ClientParticipant participant, List<ConnectionDescription> descriptions) {
        client.update(participant, descriptions);
        tell(current, new RoomCommand.Update(current, client.participant(), descriptions));
    }

    /** Sends the client's whole latest state, because a room that was lost with its node has lost the last updates. */
    void sync() {
        SessionId id = sessionId;
        if (id != null) {
            isSyncing = true;
            tell(id, new RoomCommand.Sync(id, client.participant(), client.descriptions(), notices, reply()));
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

    /** Sends the session this command after {@code busy-retry} instead of repeating the sync, as the room is busy. */
    void later(SessionCommand command) {
        timers.cancel(Tick.REPEAT_SYNC);
        timers.startSingleTimer(command, shared.settings().busyRetry());
    }

    /** Starts the deadline {@link Tick#ROOM_SILENT}; {@link #expectNothing} stops it. */
    void expectAnswer(Duration within) {
        timers.startSingleTimer(Tick.ROOM_SILENT, within);
    }

    void expectNothing() {
        isSyncing = false;
        timers.cancel(Tick.ROOM_SILENT);
        timers.cancel(Tick.REPEAT_SYNC);
    }

    /**
     * Holds a notice that overtook a reply which the room had sent earlier. Returns false if too many notices are held.
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

    /** Ends a session that has no socket here. */
    void end(SessionId id) {
        tell(id, new RoomCommand.Disconnect(id));
    }

    private void tell(SessionId id, RoomCommand command) {
        shared.rooms().room(id.room()).tell(command);
    }
}
