package org.rotunda.gateway.connection;

import org.rotunda.gateway.auth.TokenError;
import org.rotunda.gateway.signal.ServerMessage;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;

/** Turns errors into messages to the client. */
final class SessionFailures {
    static final ServerMessage.Failure MESSAGE_INVALID =
            new ServerMessage.Failure(ServerMessage.VERSION, 53004, "Client sent an invalid signaling message");

    private SessionFailures() {}

    static ServerMessage message(RoomError error) {
        return new ServerMessage.Failure(ServerMessage.VERSION, error.code(), error.message());
    }

    static ServerMessage message(TokenError error) {
        return new ServerMessage.Failure(ServerMessage.VERSION, error.code(), error.message());
    }

    /**
     * Returns the error for a failed stage or for a failed reply of a room. A room that does not answer in time counts
     * as busy.
     */
    static RoomError of(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : RoomError.BUSY;
    }
}
