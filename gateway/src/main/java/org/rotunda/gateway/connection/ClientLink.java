package org.rotunda.gateway.connection;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rotunda.gateway.connection.SessionCommand.Ack;
import org.rotunda.gateway.connection.SessionCommand.FailSocket;
import org.rotunda.gateway.connection.SessionCommand.Received;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.signal.Malformed;
import org.rotunda.gateway.signal.ServerFrame;
import org.rotunda.gateway.signal.ServerMessage;

/**
 * The connection of a session to its client. Sends the welcome, heartbeats and messages. Detects a client that is
 * silent or reads too slowly. Owned by one session, which receives the ticks of the timers.
 */
final class ClientLink {
    /** A client counts as gone when it has sent no frame for this many heartbeat intervals. */
    private static final int SILENT_HEARTBEATS = 3;

    private final SessionContext shared;
    private final ClientSocket socket;
    private final TimerScheduler<SessionCommand> timers;
    private final ActorRef<SessionCommand> session;
    private boolean isWelcomed;
    private boolean isEnding;

    ClientLink(
            SessionContext shared,
            ClientSocket socket,
            TimerScheduler<SessionCommand> timers,
            ActorRef<SessionCommand> session) {
        this.shared = shared;
        this.socket = socket;
        this.timers = timers;
        this.session = session;
        timers.startTimerAtFixedRate(Tick.HEARTBEAT, shared.settings().heartbeat());
        expectClient();
    }

    /** Asks the socket for the next frame and restarts the timer that detects a silent client. */
    void onReceived(Received received) {
        received.ack().tell(Ack.NEXT);
        shared.statistics().onFrameReceived();
        expectClient();
        Malformed malformed = received.read().malformed();
        if (malformed != null) {
            shared.statistics().onMalformed(malformed);
        }
    }

    void onHeartbeat() {
        if (isWelcomed && !isEnding) {
            send(new ServerFrame.Heartbeat());
        }
    }

    /** Sends the welcome if it has not been sent yet. Clients ignore all messages before the welcome. */
    void welcome() {
        if (!isWelcomed) {
            isWelcomed = true;
            send(new ServerFrame.Welcome(shared.settings().heartbeat().toMillis()));
        }
    }

    void send(ServerMessage message) {
        send(new ServerFrame.Message(message));
    }

    void send(ServerFrame frame) {
        if (socket.send(frame)) {
            shared.statistics().onFrameSent();
        } else {
            shared.statistics().onOverflow();
            session.tell(new FailSocket("client reads too slowly"));
        }
    }

    /**
     * Starts to wait for the client to close the socket. If the client does not close it in time, {@link Tick#CLOSE}
     * comes.
     */
    void expectClose() {
        isEnding = true;
        timers.startSingleTimer(Tick.CLOSE, shared.settings().closeGrace());
    }

    /** Closes the socket with code 1000 after all queued frames are sent, so that the client does not come back. */
    void complete() {
        socket.complete();
    }

    /** Closes the socket with code 1011 at once, so that the client comes back and resumes. */
    void fail(String why) {
        socket.fail(why);
    }

    private void expectClient() {
        timers.startSingleTimer(
                Tick.CLIENT_SILENT, shared.settings().heartbeat().multipliedBy(SILENT_HEARTBEATS));
    }
}
