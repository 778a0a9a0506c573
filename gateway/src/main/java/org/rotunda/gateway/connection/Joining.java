package org.rotunda.gateway.connection;

import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.AccessToken;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.auth.TokenError;
import org.rotunda.gateway.connection.SessionCommand.RoomFound;
import org.rotunda.gateway.connection.SessionCommand.RoomRefused;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.signal.ClientMessage;
import org.rotunda.gateway.signal.ServerMessage;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomView;

/**
 * Handles a connect until its room has answered. Finds the room, asks the room to let the client in, asks again while
 * the room is busy, and gives up after {@code connect-timeout}. Each step returns the last message to the client if the
 * client is refused, else null. Owned by one session, which receives the ticks of the timers.
 */
final class Joining {
    private final SessionContext shared;
    private final ActorContext<SessionCommand> context;
    private final TimerScheduler<SessionCommand> timers;
    private final RoomLink room;
    private final SessionLog log;
    private final JoinTurn turn;
    private @Nullable JoinRequest request; // Null while no client waits to be let in.
    private boolean isWithRoom; // A connect was sent to the room, and the room has not answered yet.

    Joining(
            SessionContext shared,
            ActorContext<SessionCommand> context,
            TimerScheduler<SessionCommand> timers,
            RoomLink room,
            SessionLog log,
            JoinTurn turn) {
        this.shared = shared;
        this.context = context;
        this.timers = timers;
        this.room = room;
        this.log = log;
        this.turn = turn;
    }

    @Nullable
    ServerMessage begin(ClientMessage.Connect connect) {
        AccessTokens.Check check = shared.tokens().check(connect.token());
        AccessToken token = check.token();
        if (token == null) {
            return refuse(check.error() == null ? TokenError.INVALID : check.error());
        }
        log.account(token.account());
        JoinRequest begun = new JoinRequest(token, connect, shared.clock().instant());
        RoomError error = begun.refusal();
        if (error != null) {
            return refuse(error);
        }
        request = begun;
        turn.begun();
        room.expectAnswer(shared.settings().connectTimeout());
        findRoom();
        return null;
    }

    /**
     * Returns whether the room has got a connect that it has not answered yet. Such a connect can let the participant
     * in even after the client has left.
     */
    boolean isWithRoom() {
        return isWithRoom;
    }

    void findRoom() {
        if (request != null) {
            context.pipeToSelf(
                    request.room(shared.rooms(), shared.adHoc()),
                    (found, failure) -> failure == null ? new RoomFound(found) : new RoomRefused(failure));
        }
    }

    @Nullable
    ServerMessage onRoomFound(RoomView found) {
        if (request == null) {
            return null; // The client has left meanwhile.
        }
        log.room(found.sid());
        if (!request.isPermittedIn(found)) {
            return refuse(RoomError.ROOM_CONNECT_FAILED);
        }
        isWithRoom = true;
        shared.rooms().room(found.sid()).tell(request.command(room.notices(), room.reply()));
        return null;
    }

    /** Notes that the room has answered. Returns whether a connect was waiting for the answer. */
    boolean onReplied() {
        boolean wasWithRoom = isWithRoom;
        isWithRoom = false;
        return wasWithRoom;
    }

    /**
     * Handles an error from the room. If the room is busy, it is asked again until {@code connect-timeout}. If the room
     * has just been completed and the client asked for it by name, the name is looked up again. Every other error is
     * final. While the database is unreachable, the timeout starts again with each error.
     */
    @Nullable
    ServerMessage onFailed(RoomError error) {
        if (request == null) {
            return null;
        }
        if (shared.rooms().isAway()) {
            room.expectAnswer(shared.settings().connectTimeout());
        }
        if (error == RoomError.BUSY || (error == RoomError.ROOM_COMPLETED && request.isByName())) {
            timers.startSingleTimer(Tick.RETRY_CONNECT, shared.settings().busyRetry());
            return null;
        }
        return refuse(error);
    }

    @Nullable
    ServerMessage onRoomSilent() {
        if (shared.rooms().isAway()) { // The room answers when the database is back.
            room.expectAnswer(shared.settings().connectTimeout());
            return null;
        }
        return refuse(RoomError.BUSY);
    }

    /**
     * Ends the wait, because the room has let the client in. Returns false if the connect has been given up; the caller
     * must then end the new session.
     */
    boolean complete() {
        if (request == null) {
            return false;
        }
        shared.statistics()
                .onJoined(Duration.between(request.receivedAt(), shared.clock().instant()));
        end(true);
        return true;
    }

    /** Gives up the connect, if there is one. The client has left. */
    void abandon() {
        if (request != null) {
            shared.statistics().onJoinAbandoned();
            log.connectAbandoned();
            end(false);
        }
    }

    ServerMessage refuse(TokenError error) {
        shared.statistics().onJoinRefused(error.code());
        log.connectRefused(error);
        end(false);
        return SessionFailures.message(error);
    }

    ServerMessage refuse(RoomError error) {
        shared.statistics().onJoinRefused(error.code());
        log.connectRefused(error);
        end(false);
        return SessionFailures.message(error);
    }

    /** Counts and logs the refusal of a client that broke the protocol before it was in a room. */
    void refuse(String reason) {
        int code = SessionFailures.MESSAGE_INVALID.code();
        shared.statistics().onJoinRefused(code);
        log.connectRefused(reason, code);
        end(false);
    }

    private void end(boolean isJoined) {
        request = null;
        turn.ended(isJoined);
    }
}
