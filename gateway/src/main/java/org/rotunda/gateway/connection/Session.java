package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.rotunda.gateway.connection.SessionCommand.ResumeCheckFailed;
import org.rotunda.gateway.connection.SessionCommand.ResumeChecked;
import org.rotunda.gateway.connection.SessionCommand.Resync;
import org.rotunda.gateway.connection.SessionCommand.ResyncFrom;
import org.rotunda.gateway.connection.SessionCommand.RoomFound;
import org.rotunda.gateway.connection.SessionCommand.RoomRefused;
import org.rotunda.gateway.connection.SessionCommand.SocketClosed;
import org.rotunda.gateway.connection.SessionCommand.SocketOpened;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.connection.SessionCommand.Told;
import org.rotunda.gateway.connection.SessionCommand.Turn;
import org.rotunda.gateway.connection.SessionCommand.Wait;
import org.rotunda.gateway.signal.ClientFrame;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.gateway.signal.Malformed;
import org.rotunda.gateway.signal.Notices;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.gateway.signal.ServerMessage;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/**
 * The actor of one signaling socket. It connects a client ({@link ClientLink}) with its session in a room ({@link
 * RoomLink}). It handles the handshake and the end of the session itself, and passes on everything else.
 */
final class Session extends AbstractBehavior<SessionCommand> {
    /**
     * The longest wait for the reply to an abandoned connect. The reply is needed to remove the participant from the
     * room.
     */
    private static final Duration ABANDONED_MAX = Duration.ofSeconds(60);

    private static final String DRAINED = "node is drained";

    private enum Phase {
        /** The client has not said hello yet. */
        NEW,
        /** The hello is accepted, but the client has not sent a connect or sync yet. */
        WELCOMED,
        CONNECTING,
        SYNCING,
        CONNECTED,
        /** The last message is sent, and the client is expected to close the socket. */
        ENDING,
        /** The socket is gone; a late reply to a connect is still awaited. */
        GONE
    }

    private final SessionContext shared;
    private final ActorRef<Sessions.Command> sessions;
    private final TimerScheduler<SessionCommand> timers;
    private final SessionLog log;
    private final HelloCheck helloCheck;
    private final ConnectLimit connectLimit;
    private final JoinTurn turn;
    private final ClientLink client;
    private final RoomLink room;
    private final Joining joining;

    private Phase phase = Phase.NEW;
    private boolean syncsOnceConnected; // The room may have forgotten the socket before its answer to the connect came.

    /** @param busy true if the client is sent away to another node */
    static Behavior<SessionCommand> create(
            SessionContext shared,
            ClientSocket socket,
            SocketOrigin origin,
            boolean busy,
            ActorRef<Sessions.Command> sessions) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Session(context, timers, shared, socket, origin, busy, sessions)));
    }

    private Session(
            ActorContext<SessionCommand> context,
            TimerScheduler<SessionCommand> timers,
            SessionContext shared,
            ClientSocket socket,
            SocketOrigin origin,
            boolean busy,
            ActorRef<Sessions.Command> sessions) {
        super(context);
        this.shared = shared;
        this.sessions = sessions;
        this.timers = timers;
        this.log = new SessionLog(origin);
        this.helloCheck = new HelloCheck(shared, busy, log);
        this.connectLimit = new ConnectLimit(shared, log);
        this.client = new ClientLink(shared, socket, timers, context.getSelf());
        this.room = new RoomLink(shared, context, timers);
        this.turn = new JoinTurn(context.getSelf(), sessions);
        this.joining = new Joining(shared, context, timers, room, log, turn);
    }

    @Override
    public Receive<SessionCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(SocketOpened.class, this::onSocketOpened)
                .onMessage(Received.class, this::onReceived)
                .onMessage(SocketClosed.class, this::onSocketClosed)
                .onMessage(FailSocket.class, this::onFailSocket)
                .onMessageEquals(Turn.NOW, this::onTurn)
                .onMessage(Wait.class, this::onWait)
                .onMessageEquals(SessionCommand.Drain.NOW, this::onDrain)
                .onMessageEquals(Resync.NOW, this::onResync)
                .onMessage(ResyncFrom.class, this::onResyncFrom)
                .onMessage(RoomFound.class, this::onRoomFound)
                .onMessage(RoomRefused.class, this::onRoomRefused)
                .onMessage(ResumeChecked.class, this::onResumeChecked)
                .onMessage(ResumeCheckFailed.class, failed -> onResumeCheckFailed(failed.why()))
                .onMessage(Replied.class, this::onReplied)
                .onMessage(Told.class, this::onTold)
                .onMessageEquals(Tick.HEARTBEAT, this::onHeartbeat)
                .onMessageEquals(Tick.CLIENT_SILENT, () -> lose("client is silent"))
                .onMessageEquals(Tick.READ_ON, this::onReadOn)
                .onMessageEquals(Tick.RETRY_CONNECT, this::onRetryConnect)
                .onMessageEquals(Tick.ROOM_SILENT, this::onRoomSilent)
                .onMessageEquals(Tick.REPEAT_SYNC, this::onRepeatSync)
                .onMessageEquals(Tick.CLOSE, this::onClose)
                .onMessageEquals(Tick.GIVE_UP, Behaviors::stopped)
                .build();
    }

    // --- the client -----------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onSocketOpened(SocketOpened opened) {
        opened.ack().tell(Ack.NEXT);
        return this;
    }

    private Behavior<SessionCommand> onReceived(Received received) {
        client.onReceived(received);
        if (phase == Phase.ENDING || phase == Phase.GONE) {
            return this; // The session is over, so the frame is ignored.
        }
        ClientFrame frame = received.read().frame();
        if (frame == null) {
            Malformed malformed = received.read().malformed();
            return leaveAsInvalid(malformed == null ? "malformed" : SessionLog.word(malformed));
        }
        if (frame instanceof ClientFrame.Hello hello) {
            return onHello(hello.body());
        }
        if (frame instanceof ClientFrame.Message message) {
            return onMessage(message.body());
        }
        if (frame instanceof ClientFrame.Bye) {
            return onLeave();
        }
        return this; // A heartbeat only shows that the client lives.
    }

    private Behavior<SessionCommand> onHeartbeat() {
        client.onHeartbeat();
        return this;
    }

    private Behavior<SessionCommand> onReadOn() {
        client.readOn();
        return this;
    }

    private Behavior<SessionCommand> send(ServerMessage message) {
        client.send(message);
        return this;
    }

    /** Handles a hello. Clients repeat it while the welcome is late; a hello after the welcome is ignored. */
    private Behavior<SessionCommand> onHello(@Nullable ClientMessage body) {
        if (phase != Phase.NEW) {
            return this;
        }
        ServerFrame.Busy refusal = helloCheck.onHello();
        if (refusal == null) {
            refusal = connectLimit.onHello(body);
        }
        if (refusal != null) {
            client.send(refusal);
            return this;
        }
        AccountSid account = connectLimit.account();
        if (body != null && account != null) {
            turn.ask(body, account);
            return this;
        }
        return serve(body);
    }

    private Behavior<SessionCommand> onTurn() {
        ClientMessage hello = turn.take();
        return phase == Phase.NEW && hello != null ? serve(hello) : this;
    }

    private Behavior<SessionCommand> onWait(Wait wait) {
        if (phase == Phase.NEW) {
            if (!wait.busy().keepAlive()) {
                shared.statistics().onBusy();
            }
            client.send(wait.busy());
        }
        return this;
    }

    /** Accepts the hello. */
    private Behavior<SessionCommand> serve(@Nullable ClientMessage body) {
        phase = Phase.WELCOMED;
        client.welcome();
        if (body == null) {
            return this; // The hello has no body. The client's connect, sync or ice comes as a separate message.
        }
        if (body instanceof ClientMessage.Update || body instanceof ClientMessage.Disconnect) {
            return leaveAsInvalid("unexpected message");
        }
        return onMessage(body);
    }

    private Behavior<SessionCommand> onMessage(ClientMessage body) {
        if (body instanceof ClientMessage.Disconnect) {
            return onLeave();
        }
        if (phase == Phase.WELCOMED && connectLimit.refuses(body)) {
            return leaveWith(joining.refuse(RoomError.BUSY));
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
        SessionId current = room.sessionId();
        if (current != null && body instanceof ClientMessage.Update update) {
            room.update(current, update);
            return this;
        }
        if (phase == Phase.SYNCING && body instanceof ClientMessage.Update update) {
            // The sync that follows contains this update.
            room.remember(update.participant(), update.descriptions(), update.candidates());
            return this;
        }
        return leaveAsInvalid("unexpected message");
    }

    private Behavior<SessionCommand> onIce(ClientMessage.Ice ice) {
        AccessTokens.Check check = shared.tokens().check(ice.token());
        AccessToken token = check.token();
        if (token == null) {
            return leaveWith(joining.refuse(check.error() == null ? TokenError.INVALID : check.error()));
        }
        return send(new ServerMessage.Iced(shared.settings()
                .iceServers()
                .forClient(token.account(), token.identity(), shared.clock().instant())));
    }

    // --- connect --------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onConnect(ClientMessage.Connect connect) {
        ServerMessage refusal = joining.begin(connect);
        if (refusal != null) {
            return leaveWith(refusal);
        }
        phase = Phase.CONNECTING;
        room.remember(connect.participant(), List.of(connect.offer()), List.of());
        return this;
    }

    private Behavior<SessionCommand> onRetryConnect() {
        joining.findRoom();
        return this;
    }

    private Behavior<SessionCommand> onRoomFound(RoomFound found) {
        return leaveIfRefused(joining.onRoomFound(found.room()));
    }

    private Behavior<SessionCommand> onRoomRefused(RoomRefused refused) {
        return leaveIfRefused(joining.onFailed(SessionFailures.of(refused.why())));
    }

    private Behavior<SessionCommand> onConnected(SessionNotice.Connected connected) {
        if (!joining.complete()) {
            room.end(connected.sessionId());
            return phase == Phase.GONE ? Behaviors.stopped() : this;
        }
        room.open(connected.sessionId());
        room.connected(connected.snapshot().connections());
        log.session(connected.sessionId());
        log.opened();
        List<ServerMessage> answers = new ArrayList<>();
        answers.add(Notices.connected(connected, shared.settings().region()));
        Notices.published(connected).ifPresent(answers::add);
        Behavior<SessionCommand> next = enter(connected.sessionId(), connected.node(), answers);
        if (syncsOnceConnected && phase == Phase.CONNECTED) {
            room.sync();
        }
        return next;
    }

    private Behavior<SessionCommand> leaveIfRefused(@Nullable ServerMessage refusal) {
        return refusal == null ? this : leaveWith(refusal);
    }

    // --- sync -----------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onSync(ClientMessage.Sync sync) {
        AccessTokens.Check check = shared.tokens().check(sync.token());
        AccessToken token = check.token();
        if (token == null) {
            TokenError error = check.error() == null ? TokenError.INVALID : check.error();
            log.resumeRefused(error);
            return leaveWith(SessionFailures.message(error));
        }
        log.account(token.account());
        SessionId resumed = SessionId.of(sync.session()).orElse(null);
        if (resumed == null) {
            log.resumeRefused(RoomError.PARTICIPANT_NOT_FOUND);
            return leaveWith(SessionFailures.message(RoomError.PARTICIPANT_NOT_FOUND));
        }
        log.session(resumed);
        phase = Phase.SYNCING;
        room.remember(sync.participant(), sync.descriptions(), List.of());
        room.expectAnswer(shared.settings().syncTimeout());
        getContext()
                .pipeToSelf(
                        shared.rooms().isRoomOf(token.account(), resumed.room()),
                        (isRoomOfAccount, failure) -> failure == null
                                ? new ResumeChecked(resumed, isRoomOfAccount)
                                : new ResumeCheckFailed(failure));
        return this;
    }

    /**
     * Syncs with the room, now that the room is known to exist. Until then no command may go to the room, because a
     * command to an invented SID would start an entity that is remembered in the database.
     */
    private Behavior<SessionCommand> onResumeChecked(ResumeChecked checked) {
        if (phase == Phase.SYNCING && !checked.isRoomOfAccount()) {
            return onSyncFailed(RoomError.ROOM_NOT_FOUND);
        }
        if (phase == Phase.SYNCING) {
            room.open(checked.session());
            room.sync();
        } else if (checked.isRoomOfAccount()) {
            room.end(checked.session()); // The client has left meanwhile.
        }
        return this;
    }

    private Behavior<SessionCommand> onResumeCheckFailed(Throwable failure) {
        return phase == Phase.SYNCING ? onSyncFailed(SessionFailures.of(failure)) : this;
    }

    private Behavior<SessionCommand> onRepeatSync() {
        room.onRepeatSync();
        return this;
    }

    /** Syncs again. A repeated sync does no harm, because the room ignores revisions that it knows. */
    private Behavior<SessionCommand> onResync() {
        if (phase == Phase.CONNECTED) {
            room.sync();
        } else if (phase == Phase.CONNECTING) {
            syncsOnceConnected = true;
        } else if (phase == Phase.SYNCING) {
            room.hurry();
        }
        return this;
    }

    private Behavior<SessionCommand> onResyncFrom(ResyncFrom command) {
        return room.mayRunOn(command.nodes()) ? onResync() : this;
    }

    private Behavior<SessionCommand> onSynced(SessionNotice.Synced synced) {
        SessionId resumed = room.sessionId();
        if (resumed == null) {
            return this; // The sync was given up.
        }
        if (!room.isSyncing()) {
            return onAnotherAnswer(synced);
        }
        room.synced(synced.snapshot().connections());
        if (phase == Phase.CONNECTED) {
            room.expectNothing();
            room.answeredFrom(synced.node());
            return send(Notices.synced(synced));
        }
        shared.statistics().onResumed();
        log.resumed();
        return enter(resumed, synced.node(), List.of(Notices.synced(synced)));
    }

    /**
     * Handles a further answer to a repeated sync. If it comes from another node than the answer before, the session
     * does not know which of the two nodes runs the room now, and asks again.
     */
    private Behavior<SessionCommand> onAnotherAnswer(SessionNotice.Synced synced) {
        return room.isAt(synced.node()) ? this : onResync();
    }

    private Behavior<SessionCommand> onSyncFailed(RoomError error) {
        if (error == RoomError.BUSY) {
            // The session stays in the room until the session timeout, and the client can resume it at any gateway.
            room.later(phase == Phase.CONNECTED ? Resync.NOW : new FailSocket("room is busy"));
            return this;
        }
        room.forget();
        RoomError told = error == RoomError.ROOM_NOT_FOUND ? RoomError.PARTICIPANT_NOT_FOUND : error;
        if (phase == Phase.CONNECTED) {
            log.ended(told);
        } else {
            log.resumeRefused(told);
        }
        return leaveWith(
                told == RoomError.ROOM_COMPLETED
                        ? Notices.ended(new SessionNotice.Ended(told))
                        : SessionFailures.message(told));
    }

    // --- the room -------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onReplied(Replied replied) {
        StatusReply<?> reply = replied.reply();
        boolean toConnect = joining.onReplied();
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
        if (toConnect) {
            return leaveIfRefused(joining.onFailed(error));
        }
        return room.isSyncing() ? onSyncFailed(error) : this;
    }

    /** Enters the room. Sends the answers first, and then the held notices that arrived before them. */
    private Behavior<SessionCommand> enter(SessionId entered, @Nullable String node, List<ServerMessage> answers) {
        phase = Phase.CONNECTED;
        room.expectNothing();
        room.answeredFrom(node);
        sessions.tell(new Sessions.Entered(getContext().getSelf(), entered));
        answers.forEach(client::send);
        Behavior<SessionCommand> next = this;
        for (SessionNotice notice : room.release()) {
            next = onNotice(notice);
        }
        return next;
    }

    private Behavior<SessionCommand> onTold(Told told) {
        if (phase == Phase.CONNECTED || told.notice() instanceof SessionNotice.Superseded) {
            return onNotice(told.notice());
        }
        if (phase != Phase.CONNECTING && phase != Phase.SYNCING) {
            return this; // The client has already been sent its last message.
        }
        return room.hold(told.notice()) ? this : lose("room sent too many notices before its answer");
    }

    private Behavior<SessionCommand> onNotice(SessionNotice notice) {
        if (notice instanceof SessionNotice.RoomChanged changed) {
            return send(Notices.update(changed));
        }
        if (notice instanceof SessionNotice.Descriptions descriptions) {
            room.told(descriptions.descriptions());
            return send(Notices.update(descriptions));
        }
        if (notice instanceof SessionNotice.Channels channels) {
            return send(Notices.update(channels));
        }
        if (notice instanceof SessionNotice.Ended ended) {
            room.forget();
            log.ended(ended.error());
            return leaveWith(Notices.ended(ended));
        }
        if (notice instanceof SessionNotice.Superseded) {
            // After code 1000 a client that still reads this socket would think that the session is over. So the code
            // is 1011.
            log.superseded();
            client.fail("resumed on another socket");
            return Behaviors.stopped();
        }
        if (notice instanceof SessionNotice.Moved) {
            // The sync is repeated until the room has moved to another node and answers from there.
            return onResync();
        }
        throw new IllegalStateException(
                "a room sends this only as a reply: " + notice.getClass().getSimpleName());
    }

    private Behavior<SessionCommand> onRoomSilent() {
        if (phase == Phase.SYNCING) {
            return lose("room does not answer");
        }
        return phase == Phase.CONNECTING ? leaveIfRefused(joining.onRoomSilent()) : this;
    }

    // --- the end --------------------------------------------------------------------------------------------------

    private Behavior<SessionCommand> onSocketClosed(SocketClosed closed) {
        client.complete(); // The client has closed its half of the socket, so this half is closed, too.
        return lose(closed.why());
    }

    private Behavior<SessionCommand> onFailSocket(FailSocket command) {
        return lose(command.why());
    }

    private Behavior<SessionCommand> onDrain() {
        client.failByPlan(DRAINED);
        return lost(DRAINED);
    }

    /** Gives up the socket. The session stays in its room until it is resumed or times out. */
    private Behavior<SessionCommand> lose(String why) {
        client.fail(why);
        return lost(why);
    }

    private Behavior<SessionCommand> lost(String why) {
        if (phase == Phase.SYNCING) {
            log.resumeFailed(why);
        } else if (room.sessionId() != null) {
            log.lost(why);
        }
        joining.abandon();
        room.lose();
        return stopUnlessJoining();
    }

    private Behavior<SessionCommand> stopUnlessJoining() {
        if (!joining.isWithRoom()) {
            return Behaviors.stopped();
        }
        phase = Phase.GONE;
        client.readOn(); // Called here, because the next line cancels the timer that would call it.
        timers.cancelAll();
        timers.startSingleTimer(Tick.GIVE_UP, ABANDONED_MAX);
        return this;
    }

    /** Ends the session after a disconnect or bye of the client. */
    private Behavior<SessionCommand> onLeave() {
        if (room.sessionId() != null) {
            log.ended("left by the client", 0);
        }
        joining.abandon();
        room.leave();
        return end();
    }

    /** Ends the session of a client that has broken the protocol. */
    private Behavior<SessionCommand> leaveAsInvalid(String reason) {
        if (phase == Phase.SYNCING) {
            log.resumeFailed(reason);
        } else if (room.sessionId() == null) {
            joining.refuse(reason);
        } else {
            log.ended(reason, SessionFailures.MESSAGE_INVALID.code());
        }
        return leaveWith(SessionFailures.MESSAGE_INVALID);
    }

    /** Leaves the room and sends the last message. The client then closes the socket. */
    private Behavior<SessionCommand> leaveWith(ServerMessage lastWord) {
        client.welcome(); // Clients ignore all messages before the welcome.
        room.leave();
        send(lastWord);
        return end();
    }

    private Behavior<SessionCommand> end() {
        phase = Phase.ENDING;
        room.expectNothing();
        client.expectClose();
        return this;
    }

    private Behavior<SessionCommand> onClose() {
        client.complete();
        return stopUnlessJoining();
    }
}
