package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.AccessToken;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.auth.TokenError;
import org.rotunda.gateway.connection.SessionCommand.Ack;
import org.rotunda.gateway.connection.SessionCommand.FailSocket;
import org.rotunda.gateway.connection.SessionCommand.Received;
import org.rotunda.gateway.connection.SessionCommand.Replied;
import org.rotunda.gateway.connection.SessionCommand.Resync;
import org.rotunda.gateway.connection.SessionCommand.RoomFound;
import org.rotunda.gateway.connection.SessionCommand.RoomRefused;
import org.rotunda.gateway.connection.SessionCommand.SocketClosed;
import org.rotunda.gateway.connection.SessionCommand.SocketOpened;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.connection.SessionCommand.Told;
import org.rotunda.gateway.signal.ClientFrame;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.gateway.signal.Malformed;
import org.rotunda.gateway.signal.Notices;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.gateway.signal.ServerMessage;
import org.rotunda.room.RoomCommand;
import org.rotunda.room.RoomError;
import org.rotunda.room.SessionId;
import org.rotunda.room.SessionNotice;

/**
 * One signaling connection: a WebSocket on one side, a session in a room on the other. It speaks the protocol's handshake,
 * heartbeats and endings, and passes on everything else.
 *
 * <p>The session in the room outlives this actor: when the socket is lost, the room hears {@link RoomCommand.SessionLost} and another
 * connection, at any gateway, may resume it.
 */
final class Session extends AbstractBehavior<SessionCommand> {
    /** Notices that may arrive before the reply they belong after; a room sends a handful. */
    static final int EARLY_NOTICES_MAX = 256;

    /** So many hellos on one socket are told to try again there; then the client is to try another. */
    static final int AWAY_ON_SOCKET_MAX = 5;

    /** How long an abandoned connect is waited for, so that its participant can be taken out of the room again. */
    private static final Duration ABANDONED_MAX = Duration.ofSeconds(60);

    private enum Phase {
        /** Nothing but a hello is understood. */
        NEW,
        /** Waits for connect. */
        WELCOMED,
        CONNECTING,
        SYNCING,
        CONNECTED,
        /** The last word is sent; the client closes. */
        ENDING,
        /** The socket is gone; only a late reply to a connect is waited for. */
        GONE
    }

    private final SessionContext shared;
    private final ClientSocket socket;
    private final boolean busy;
    private final ActorRef<Sessions.Command> sessions;
    private final TimerScheduler<SessionCommand> timers;
    private final ActorRef<SessionNotice> notices;
    private final ActorRef<StatusReply<?>> replies;
    private final List<SessionNotice> early = new ArrayList<>();
    private final ClientState client = new ClientState();

    private Phase phase = Phase.NEW;
    private @Nullable JoinRequest join;
    private boolean joinIsWithRoom; // A connect was sent to a room that has not answered yet.
    private @Nullable SessionId sessionId;
    private boolean resyncing;
    private int sentAway; // Hellos answered with busy because the database is away.

    /** @param busy sends the client away to another node */
    static Behavior<SessionCommand> create(
            SessionContext shared, ClientSocket socket, boolean busy, ActorRef<Sessions.Command> sessions) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Session(context, timers, shared, socket, busy, sessions)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Adapters go by erased class; contents are matched on arrival.
    private Session(
            ActorContext<SessionCommand> context,
            TimerScheduler<SessionCommand> timers,
            SessionContext shared,
            ClientSocket socket,
            boolean busy,
            ActorRef<Sessions.Command> sessions) {
        super(context);
        this.shared = shared;
        this.socket = socket;
        this.busy = busy;
        this.sessions = sessions;
        this.timers = timers;
        this.notices = context.messageAdapter(SessionNotice.class, Told::new);
        this.replies = (ActorRef) context.messageAdapter(StatusReply.class, Replied::new);
        timers.startTimerAtFixedRate(Tick.HEARTBEAT, shared.settings().heartbeat());
        expectClient();
    }

    @Override
    public Receive<SessionCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(SocketOpened.class, this::onSocketOpened)
                .onMessage(Received.class, this::onReceived)
                .onMessage(SocketClosed.class, closed -> onSocketClosed())
                .onMessage(FailSocket.class, this::onFailSocket)
                .onMessageEquals(Resync.NOW, this::onResync)
                .onMessage(RoomFound.class, this::onRoomFound)
                .onMessage(RoomRefused.class, this::onRoomRefused)
                .onMessage(Replied.class, this::onReplied)
                .onMessage(Told.class, this::onTold)
                .onMessageEquals(Tick.HEARTBEAT, this::onHeartbeat)
                .onMessageEquals(Tick.CLIENT_SILENT, () -> lose("client is silent"))
                .onMessageEquals(Tick.RETRY_CONNECT, this::onRetryConnect)
                .onMessageEquals(Tick.ROOM_SILENT, this::onRoomSilent)
                .onMessageEquals(Tick.REPEAT_SYNC, this::onRepeatSync)
                .onMessageEquals(Tick.CLOSE, this::onClose)
                .onMessageEquals(Tick.GIVE_UP, Behaviors::stopped)
                .build();
    }

    // --- the socket -----------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onSocketOpened(SocketOpened opened) {
        opened.ack().tell(Ack.NEXT);
        return this;
    }

    private Behavior<SessionCommand> onReceived(Received received) {
        received.ack().tell(Ack.NEXT);
        shared.statistics().onFrameReceived();
        expectClient();
        Malformed malformed = received.read().malformed();
        if (malformed != null) {
            shared.statistics().onMalformed(malformed);
        }
        if (phase == Phase.ENDING || phase == Phase.GONE) {
            return this; // The client's goodbyes change nothing any more.
        }
        ClientFrame frame = received.read().frame();
        if (frame == null) {
            return leaveWith(SessionFailures.MESSAGE_INVALID);
        }
        if (frame instanceof ClientFrame.Hello hello) {
            return onHello(hello.body());
        }
        if (frame instanceof ClientFrame.Message message) {
            return onMessage(message.body());
        }
        if (frame instanceof ClientFrame.Bye) {
            leaveRoom();
            return end();
        }
        return this; // A heartbeat has done its work by arriving.
    }

    /** The client lives: it has three heartbeats' time to show it again. */
    private void expectClient() {
        timers.startSingleTimer(
                Tick.CLIENT_SILENT, shared.settings().heartbeat().multipliedBy(3));
    }

    private Behavior<SessionCommand> onSocketClosed() {
        socket.complete(); // The other side has closed already; this only lets go of our half.
        return lose("closed by the client");
    }

    private Behavior<SessionCommand> onFailSocket(FailSocket command) {
        return lose(command.why());
    }

    /** The socket is gone, the session in the room stays for a while. */
    private Behavior<SessionCommand> lose(String why) {
        socket.fail(why);
        if (sessionId != null && phase != Phase.ENDING) {
            shared.statistics().onSessionLost();
            tellRoom(sessionId, new RoomCommand.SessionLost(sessionId, notices));
        }
        return stopUnlessJoining();
    }

    private Behavior<SessionCommand> stopUnlessJoining() {
        if (!joinIsWithRoom) {
            return Behaviors.stopped();
        }
        phase = Phase.GONE;
        timers.cancelAll();
        timers.startSingleTimer(Tick.GIVE_UP, ABANDONED_MAX);
        return this;
    }

    private Behavior<SessionCommand> onHeartbeat() {
        if (phase != Phase.NEW && phase != Phase.ENDING && phase != Phase.GONE) {
            return send(new ServerFrame.Heartbeat());
        }
        return this;
    }

    private Behavior<SessionCommand> send(ServerFrame frame) {
        if (!socket.send(frame)) {
            shared.statistics().onOverflow();
            getContext().getSelf().tell(new FailSocket("client reads too slowly"));
            return this;
        }
        shared.statistics().onFrameSent();
        return this;
    }

    private Behavior<SessionCommand> send(ServerMessage message) {
        return send(new ServerFrame.Message(message));
    }

    // --- handshake ------------------------------------------------------------------------------------------------

    /** Clients repeat their hello while the welcome is late: all of them are one request. */
    private Behavior<SessionCommand> onHello(ClientMessage body) {
        if (phase != Phase.NEW) {
            return this;
        }
        if (busy) {
            shared.statistics().onBusy();
            // Not on this socket again: the next one may reach another node.
            return send(new ServerFrame.Busy(shared.settings().busyRetry().toMillis(), false));
        }
        if (shared.rooms().isAway()) {
            return awayFromDatabase();
        }
        phase = Phase.WELCOMED;
        send(new ServerFrame.Welcome(shared.settings().heartbeat().toMillis()));
        if (body instanceof ClientMessage.Update || body instanceof ClientMessage.Disconnect) {
            return leaveWith(SessionFailures.MESSAGE_INVALID);
        }
        return onMessage(body);
    }

    /**
     * Nobody can join or resume now. The client comes back by itself: on this socket, which costs it nothing, and after a few times on a
     * new one, because another gateway may still reach the database.
     */
    private Behavior<SessionCommand> awayFromDatabase() {
        shared.statistics().onBusy();
        sentAway++;
        long afterMs = shared.settings().awayRetry().toMillis();
        long jitteredMs = afterMs + ThreadLocalRandom.current().nextLong(afterMs);
        return send(new ServerFrame.Busy(jitteredMs, sentAway % AWAY_ON_SOCKET_MAX != 0));
    }

    private Behavior<SessionCommand> onMessage(ClientMessage body) {
        if (body instanceof ClientMessage.Disconnect) {
            leaveRoom();
            return end();
        }
        if (phase == Phase.WELCOMED && body instanceof ClientMessage.Ice ice) {
            return onIce(ice);
        }
        if (phase == Phase.WELCOMED && body instanceof ClientMessage.Connect connect) {
            return onConnect(connect);
        }
        if (phase == Phase.WELCOMED && body instanceof ClientMessage.Sync sync) {
            return onSync(sync);
        }
        if (sessionId != null && body instanceof ClientMessage.Update update) {
            return onUpdate(sessionId, update);
        }
        return leaveWith(SessionFailures.MESSAGE_INVALID);
    }

    private Behavior<SessionCommand> onIce(ClientMessage.Ice ice) {
        TokenError error = shared.tokens().check(ice.token()).error();
        return error == null ? send(new ServerMessage.Iced(shared.settings().iceServers())) : refuseJoin(error);
    }

    // --- connect --------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onConnect(ClientMessage.Connect connect) {
        AccessTokens.Check check = shared.tokens().check(connect.token());
        AccessToken token = check.token();
        if (token == null) {
            return refuseJoin(check.error() == null ? TokenError.INVALID : check.error());
        }
        JoinRequest request = new JoinRequest(token, connect, shared.clock().millis());
        RoomError error = request.refusal();
        if (error != null) {
            return refuseJoin(error);
        }
        phase = Phase.CONNECTING;
        join = request;
        client.update(connect.participant(), List.of(connect.offer()));
        timers.startSingleTimer(Tick.ROOM_SILENT, shared.settings().connectTimeout());
        return onRetryConnect();
    }

    private Behavior<SessionCommand> onRetryConnect() {
        if (join != null && phase == Phase.CONNECTING) {
            getContext()
                    .pipeToSelf(
                            join.room(shared.rooms()),
                            (room, failure) -> failure == null ? new RoomFound(room) : new RoomRefused(failure));
        }
        return this;
    }

    private Behavior<SessionCommand> onRoomFound(RoomFound found) {
        if (join == null || phase != Phase.CONNECTING) {
            return this; // The client has left meanwhile.
        }
        if (!join.isPermittedIn(found.room())) {
            return refuseJoin(RoomError.ROOM_CONNECT_FAILED);
        }
        joinIsWithRoom = true;
        shared.rooms().room(found.room().sid()).tell(join.command(notices, reply()));
        return this;
    }

    private Behavior<SessionCommand> onRoomRefused(RoomRefused refused) {
        return phase == Phase.CONNECTING ? onJoinFailed(SessionFailures.of(refused.why())) : this;
    }

    /**
     * A busy room is asked again until the client has waited long enough, not counting the time while the database is away; everything
     * else is final.
     */
    private Behavior<SessionCommand> onJoinFailed(RoomError error) {
        if (shared.rooms().isAway()) {
            timers.startSingleTimer(Tick.ROOM_SILENT, shared.settings().connectTimeout());
        }
        if (error == RoomError.BUSY || (error == RoomError.ROOM_COMPLETED && join != null && join.isByName())) {
            timers.startSingleTimer(Tick.RETRY_CONNECT, shared.settings().busyRetry());
            return this;
        }
        return refuseJoin(error);
    }

    private Behavior<SessionCommand> onConnected(SessionNotice.Connected connected) {
        if (phase != Phase.CONNECTING || join == null) {
            // The client gave up while the room let it in: nobody would ever end that session.
            tellRoom(connected.sessionId(), new RoomCommand.Disconnect(connected.sessionId()));
            return phase == Phase.GONE ? Behaviors.stopped() : this;
        }
        sessionId = connected.sessionId();
        shared.statistics().onJoined(shared.clock().millis() - join.receivedAtMs());
        join = null;
        return enter(sessionId, Notices.connected(connected, shared.settings().region()));
    }

    private Behavior<SessionCommand> refuseJoin(RoomError error) {
        shared.statistics().onJoinRefused();
        return leaveWith(SessionFailures.message(error));
    }

    private Behavior<SessionCommand> refuseJoin(TokenError error) {
        shared.statistics().onJoinRefused();
        return leaveWith(SessionFailures.message(error));
    }

    // --- sync -----------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onSync(ClientMessage.Sync sync) {
        TokenError error = shared.tokens().check(sync.token()).error();
        if (error != null) {
            return leaveWith(SessionFailures.message(error));
        }
        SessionId resumed = SessionId.of(sync.session()).orElse(null);
        if (resumed == null) {
            return leaveWith(SessionFailures.message(RoomError.PARTICIPANT_NOT_FOUND));
        }
        phase = Phase.SYNCING;
        sessionId = resumed;
        client.update(sync.participant(), sync.descriptions());
        timers.startSingleTimer(Tick.ROOM_SILENT, shared.settings().syncTimeout());
        sync(resumed);
        return this;
    }

    /** All that the client has said, as it is now: what was told to a room that died on its node comes again with it. */
    private void sync(SessionId id) {
        tellRoom(id, new RoomCommand.Sync(id, client.participant(), client.descriptions(), notices, reply()));
        timers.startSingleTimer(Tick.REPEAT_SYNC, shared.settings().syncRepeat());
    }

    private Behavior<SessionCommand> onRepeatSync() {
        if (sessionId != null && (phase == Phase.SYNCING || (resyncing && phase == Phase.CONNECTED))) {
            sync(sessionId);
        }
        return this;
    }

    /** Repeats are harmless: the room goes by revisions. */
    private Behavior<SessionCommand> onResync() {
        if (phase == Phase.CONNECTED && sessionId != null) {
            resyncing = true;
            sync(sessionId);
        }
        return this;
    }

    private Behavior<SessionCommand> onSynced(SessionNotice.Synced synced) {
        if (resyncing && phase == Phase.CONNECTED) {
            resyncing = false;
            timers.cancel(Tick.REPEAT_SYNC);
            return send(Notices.synced(synced));
        }
        if (phase != Phase.SYNCING || sessionId == null) {
            return this; // The socket is lost again and the room knows.
        }
        shared.statistics().onResumed();
        return enter(sessionId, Notices.synced(synced));
    }

    private Behavior<SessionCommand> onSyncFailed(RoomError error) {
        if (error == RoomError.BUSY && resyncing) {
            return later(Resync.NOW);
        }
        if (error == RoomError.BUSY) {
            // Nothing is lost: the client tries again, here or elsewhere, until the session timeout.
            return later(new FailSocket("room is busy"));
        }
        sessionId = null;
        return error == RoomError.ROOM_COMPLETED
                ? leaveWith(Notices.ended(new SessionNotice.Ended(RoomError.ROOM_COMPLETED)))
                : leaveWith(SessionFailures.message(
                        error == RoomError.ROOM_NOT_FOUND ? RoomError.PARTICIPANT_NOT_FOUND : error));
    }

    private Behavior<SessionCommand> later(SessionCommand command) {
        timers.cancel(Tick.REPEAT_SYNC);
        timers.startSingleTimer(command, shared.settings().busyRetry());
        return this;
    }

    // --- the room -------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onReplied(Replied replied) {
        StatusReply<?> reply = replied.reply();
        boolean toConnect = joinIsWithRoom;
        joinIsWithRoom = false;
        if (reply.isSuccess()) {
            Object value = reply.getValue();
            return value instanceof SessionNotice.Connected connected
                    ? onConnected(connected)
                    : onSynced((SessionNotice.Synced) value);
        }
        if (phase == Phase.GONE) {
            return Behaviors.stopped();
        }
        RoomError error = SessionFailures.of(reply.getError());
        if (toConnect && phase == Phase.CONNECTING) {
            return onJoinFailed(error);
        }
        return phase == Phase.SYNCING || (resyncing && phase == Phase.CONNECTED) ? onSyncFailed(error) : this;
    }

    /** Into the room: the answer first, then what the room said meanwhile. */
    private Behavior<SessionCommand> enter(SessionId entered, ServerMessage answer) {
        phase = Phase.CONNECTED;
        timers.cancel(Tick.ROOM_SILENT);
        timers.cancel(Tick.REPEAT_SYNC);
        sessions.tell(new Sessions.Entered(getContext().getSelf(), entered));
        send(answer);
        List<SessionNotice> waiting = List.copyOf(early);
        early.clear();
        Behavior<SessionCommand> next = this;
        for (SessionNotice notice : waiting) {
            next = onNotice(notice);
        }
        return next;
    }

    private Behavior<SessionCommand> onTold(Told told) {
        if (phase == Phase.CONNECTED || told.notice() instanceof SessionNotice.Superseded) {
            return onNotice(told.notice());
        }
        if (phase != Phase.CONNECTING && phase != Phase.SYNCING) {
            return this; // The last word is said.
        }
        if (early.size() == EARLY_NOTICES_MAX) {
            return lose("room speaks before it answers");
        }
        early.add(told.notice());
        return this;
    }

    private Behavior<SessionCommand> onNotice(SessionNotice notice) {
        if (notice instanceof SessionNotice.RoomChanged changed) {
            return send(Notices.update(changed));
        }
        if (notice instanceof SessionNotice.Descriptions descriptions) {
            return send(Notices.update(descriptions));
        }
        if (notice instanceof SessionNotice.Synced synced) {
            return send(Notices.synced(synced)); // After a fail-over the room may tell everything anew.
        }
        if (notice instanceof SessionNotice.Ended ended) {
            sessionId = null;
            return leaveWith(Notices.ended(ended));
        }
        if (notice instanceof SessionNotice.Superseded) {
            // 1011 and not 1000: should the client still listen here, it must not take this for the end of the room.
            socket.fail("resumed on another socket");
            return Behaviors.stopped();
        }
        if (notice instanceof SessionNotice.Moved) {
            return onResync(); // Unanswered it is repeated until the room is there again.
        }
        throw new IllegalStateException("a connected session was connected again");
    }

    private Behavior<SessionCommand> onUpdate(SessionId current, ClientMessage.Update update) {
        client.update(update.participant(), update.descriptions());
        tellRoom(current, new RoomCommand.Update(current, client.participant(), update.descriptions()));
        return this;
    }

    private Behavior<SessionCommand> onRoomSilent() {
        if (phase == Phase.SYNCING) {
            return lose("room does not answer");
        }
        if (phase == Phase.CONNECTING && shared.rooms().isAway()) { // The room has the connect, or will refuse it.
            timers.startSingleTimer(Tick.ROOM_SILENT, shared.settings().connectTimeout());
            return this;
        }
        return phase == Phase.CONNECTING ? refuseJoin(RoomError.BUSY) : this;
    }

    private void tellRoom(SessionId id, RoomCommand command) {
        shared.rooms().room(id.room()).tell(command);
    }

    @SuppressWarnings("unchecked") // See the constructor.
    private <T> ActorRef<StatusReply<T>> reply() {
        return (ActorRef<StatusReply<T>>) (ActorRef<?>) replies;
    }

    // --- the end --------------------------------------------------------------------------------------------------

    /** The client wants to go. */
    private void leaveRoom() {
        if (sessionId != null) {
            tellRoom(sessionId, new RoomCommand.Disconnect(sessionId));
            sessionId = null;
        }
        join = null;
    }

    /** Says the last word. The client answers with goodbyes and closes. */
    private Behavior<SessionCommand> leaveWith(ServerMessage lastWord) {
        if (phase == Phase.NEW) {
            send(new ServerFrame.Welcome(shared.settings().heartbeat().toMillis())); // Before it nothing is heard.
        }
        leaveRoom();
        send(lastWord);
        return end();
    }

    private Behavior<SessionCommand> end() {
        phase = Phase.ENDING;
        timers.cancel(Tick.ROOM_SILENT);
        timers.cancel(Tick.REPEAT_SYNC);
        timers.startSingleTimer(Tick.CLOSE, shared.settings().closeGrace());
        return this;
    }

    private Behavior<SessionCommand> onClose() {
        socket.complete();
        return stopUnlessJoining();
    }
}
