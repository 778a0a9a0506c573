package org.rotunda.gateway.connection;

import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.scaladsl.model.ws.PeerClosedConnectionException;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.gateway.signal.ClientFrameReader;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/** The messages to a {@link Session} from its socket, its node, its room and itself. */
sealed interface SessionCommand {

    // --- from the socket ------------------------------------------------------------------------------------------

    record SocketOpened(ActorRef<Ack> ack) implements SessionCommand {}

    /** @param chars the length of the frame's text, in UTF-16 units */
    record Received(ClientFrameReader.Read read, int chars, ActorRef<Ack> ack) implements SessionCommand {}

    /** The client has closed the socket, or the connection broke. */
    record SocketClosed(String why) implements SessionCommand {
        /**
         * The socket was closed with code 1000 or 1001, or the connection was cut. The HTTP server often does not
         * report which of these happened.
         */
        static final SocketClosed WITHOUT_ERROR = new SocketClosed("closed without an error code");

        static SocketClosed of(Throwable failure) {
            return new SocketClosed(
                    failure instanceof PeerClosedConnectionException peer
                            ? "closed by the client with " + peer.closeCode()
                            : "connection broke");
        }
    }

    /** Asks the stream for the next frame. */
    enum Ack {
        NEXT
    }

    // --- from the node --------------------------------------------------------------------------------------------

    /** Closes the socket with code 1011, so that the client resumes its session elsewhere. */
    record FailSocket(String why) implements SessionCommand {}

    /** Closes the socket with code 1012, because the node is drained. The client resumes its session elsewhere. */
    enum Drain implements SessionCommand {
        NOW
    }

    /**
     * Makes the session register its socket with its room again, because the room may have lost the registration. The
     * client gets the whole state of the room.
     */
    enum Resync implements SessionCommand {
        NOW
    }

    /**
     * Does the same as {@link Resync}, but only if the room ran on one of these nodes when it last answered, or if the
     * session does not know where the room runs.
     */
    record ResyncFrom(Set<String> nodes) implements SessionCommand {}

    /** Lets the client in: its turn in the line of joins has come. */
    enum Turn implements SessionCommand {
        NOW
    }

    /**
     * Makes the client wait.
     *
     * @param busy tells the client when to ask again, and whether on this socket
     */
    record Wait(ServerFrame.Busy busy) implements SessionCommand {}

    // --- from the room --------------------------------------------------------------------------------------------

    record RoomFound(RoomView room) implements SessionCommand {}

    record RoomRefused(Throwable why) implements SessionCommand {}

    /**
     * The result of the check before a resume.
     *
     * @param session the session that the client wants to resume
     * @param isRoomOfAccount true if the room of the session belongs to the token's account
     */
    record ResumeChecked(SessionId session, boolean isRoomOfAccount) implements SessionCommand {}

    record ResumeCheckFailed(Throwable why) implements SessionCommand {}

    record Replied(StatusReply<?> reply) implements SessionCommand {}

    record Told(SessionNotice notice) implements SessionCommand {}

    // --- from the session -----------------------------------------------------------------------------------------

    enum Tick implements SessionCommand {
        HEARTBEAT,
        CLIENT_SILENT,
        READ_ON,
        RETRY_CONNECT,
        ROOM_SILENT,
        REPEAT_SYNC,
        CLOSE,
        GIVE_UP
    }
}
