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
 * A session's side towards its room: which session there it speaks for, and what its client has told of itself, told again by syncs that
 * are repeated until the room answers. Owned by one session; time comes as its ticks.
 *
 * <p>The session in the room outlives this: when the socket is lost the room hears {@link RoomCommand.SocketLost}, and another connection,
 * at any gateway, may resume it.
 */
final class RoomLink {
    /** Notices that may arrive before the reply they belong after; a room sends a handful. */
    static final int EARLY_NOTICES_MAX = 256;

    private final SessionContext shared;
    private final TimerScheduler<SessionCommand> timers;
    private final ActorRef<SessionNotice> notices;
    private final ActorRef<StatusReply<?>> replies;
    private final ClientState client = new ClientState();
    private final List<SessionNotice> early = new ArrayList<>();
    private @Nullable SessionId sessionId;
    private boolean isSyncing;

    @SuppressWarnings({"unchecked", "rawtypes"}) // Adapters go by erased class; contents are matched on arrival.
    RoomLink(SessionContext shared, ActorContext<SessionCommand> context, TimerScheduler<SessionCommand> timers) {
        this.shared = shared;
        this.timers = timers;
        this.notices = context.messageAdapter(SessionNotice.class, Told::new);
        this.replies = (ActorRef) context.messageAdapter(StatusReply.class, Replied::new);
    }

    /** Who hears what the room says. */
    ActorRef<SessionNotice> notices() {
        return notices;
    }

    @SuppressWarnings("unchecked") // See the constructor.
    <T> ActorRef<StatusReply<T>> reply() {
        return (ActorRef<StatusReply<T>>) (ActorRef<?>) replies;
    }

    /** The session in the room, null before there is one and after it is left. */
    @Nullable
    SessionId sessionId() {
        return sessionId;
    }

    /** Speaks for this session from now on. */
    void open(SessionId id) {
        sessionId = id;
    }

    /** What the client says that the room hears in another command. */
    void remember(@Nullable ClientParticipant participant, List<ConnectionDescription> descriptions) {
        client.update(participant, descriptions);
    }

    void update(SessionId current, @Nullable ClientParticipant participant, List<ConnectionDescription> descriptions) {
        client.update(participant, descriptions);
        tell(current, new RoomCommand.Update(current, client.participant(), descriptions));
    }

    /** All that the client has said, as it is now: what was told to a room that died on its node comes again with it. */
    void sync() {
        SessionId id = sessionId;
        if (id != null) {
            isSyncing = true;
            tell(id, new RoomCommand.Sync(id, client.participant(), client.descriptions(), notices, reply()));
            timers.startSingleTimer(Tick.REPEAT_SYNC, shared.settings().syncRepeat());
        }
    }

    /** Whether a sync waits for its answer. */
    boolean isSyncing() {
        return isSyncing;
    }

    void onRepeatSync() {
        if (isSyncing) {
            sync();
        }
    }

    /** The room is busy: instead of another sync, this happens after a while. */
    void later(SessionCommand command) {
        timers.cancel(Tick.REPEAT_SYNC);
        timers.startSingleTimer(command, shared.settings().busyRetry());
    }

    /** {@link Tick#ROOM_SILENT} comes unless {@link #expectNothing} is called before. */
    void expectAnswer(Duration within) {
        timers.startSingleTimer(Tick.ROOM_SILENT, within);
    }

    void expectNothing() {
        isSyncing = false;
        timers.cancel(Tick.ROOM_SILENT);
        timers.cancel(Tick.REPEAT_SYNC);
    }

    /** Keeps a notice that overtook the reply it belongs after. False if there are too many. */
    boolean hold(SessionNotice notice) {
        return early.size() < EARLY_NOTICES_MAX && early.add(notice);
    }

    /** What was held, in order, and holds it no longer. */
    List<SessionNotice> release() {
        List<SessionNotice> held = List.copyOf(early);
        early.clear();
        return held;
    }

    /** The socket is gone, the session in the room stays for a while. */
    void lose() {
        SessionId id = sessionId;
        if (id != null) {
            shared.statistics().onSessionLost();
            tell(id, new RoomCommand.SocketLost(id, notices));
        }
    }

    /** The client wants to go, or is made to. */
    void leave() {
        SessionId id = sessionId;
        if (id != null) {
            end(id);
            sessionId = null;
        }
    }

    /** The room has ended the session itself. */
    void forget() {
        sessionId = null;
    }

    /** Ends a session that nobody speaks for. */
    void end(SessionId id) {
        tell(id, new RoomCommand.Disconnect(id));
    }

    private void tell(SessionId id, RoomCommand command) {
        shared.rooms().room(id.room()).tell(command);
    }
}
