package org.rotunda.gateway.connection;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.TokenError;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes one log line for each event of a session at this gateway. The room logs its own decisions. Tokens and session
 * ids must not be logged, because both are secrets. Owned by one session.
 */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private final SocketOrigin origin;
    private @Nullable AccountSid account;
    private @Nullable RoomSid room;
    private @Nullable ParticipantSid participant;

    SessionLog(SocketOrigin origin) {
        this.origin = origin;
    }

    /** Stores the account to which the client's token belongs. */
    void account(AccountSid owner) {
        account = owner;
    }

    /** Stores the room that the client is about to join. */
    void room(RoomSid found) {
        room = found;
    }

    /** Stores the session that the socket serves or is about to resume. */
    void session(SessionId session) {
        room = session.room();
        participant = session.participant();
    }

    void sentAway(String reason) {
        write("client sent away", reason, 0);
    }

    void connectRefused(TokenError error) {
        connectRefused(word(error), error.code());
    }

    void connectRefused(RoomError error) {
        connectRefused(word(error), error.code());
    }

    void connectRefused(String reason, int code) {
        write("connect refused", reason, code);
    }

    /** Logs that the client went away before its room had answered. */
    void connectAbandoned() {
        write("connect abandoned", "", 0);
    }

    /** Logs that the room has let the client in. */
    void opened() {
        write("session opened", "", 0);
    }

    void resumed() {
        write("session resumed", "", 0);
    }

    void resumeRefused(TokenError error) {
        write("resume refused", word(error), error.code());
    }

    void resumeRefused(RoomError error) {
        write("resume refused", word(error), error.code());
    }

    /**
     * Logs that the socket was lost, or that the client broke the protocol, before the room had answered the resume.
     * After a loss the client can try again.
     */
    void resumeFailed(String reason) {
        write("resume failed", reason, 0);
    }

    /** Logs that the socket is lost. The session stays in its room until it is resumed or times out there. */
    void lost(String reason) {
        write("session lost", reason, 0);
    }

    /** Logs that the session is resumed on another socket, here or at another gateway. */
    void superseded() {
        write("session superseded", "", 0);
    }

    /** Logs that the session is over: its client left, its room ended it, or its client broke the protocol. */
    void ended(String reason, int code) {
        write("session ended", reason, code);
    }

    /**
     * Logs that the room has ended the session.
     *
     * @param error the reason, or null if the participant was removed without an error
     */
    void ended(@Nullable RoomError error) {
        if (error == null) {
            ended("removed", 0);
        } else {
            ended(word(error), error.code());
        }
    }

    static String word(Enum<?> error) {
        return error.name().toLowerCase(Locale.ROOT);
    }

    private void write(String event, String reason, int code) {
        LoggingEventBuilder line = LOG.atInfo();
        if (!reason.isEmpty()) {
            line = line.addKeyValue("reason", reason);
        }
        if (code != 0) {
            line = line.addKeyValue("code", code);
        }
        line = with(line, "room", room);
        line = with(line, "participant", participant);
        line = with(line, "account", account);
        line = line.addKeyValue("request", origin.requestId());
        if (!origin.remote().isEmpty()) {
            line = line.addKeyValue("remote", origin.remote());
        }
        line.log(event);
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, String key, @Nullable Object sid) {
        return sid == null ? line : line.addKeyValue(key, sid.toString());
    }
}
