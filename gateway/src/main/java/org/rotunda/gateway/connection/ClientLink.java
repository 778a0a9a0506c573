package org.rotunda.gateway.connection;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.connection.SessionCommand.Ack;
import org.rotunda.gateway.connection.SessionCommand.FailSocket;
import org.rotunda.gateway.connection.SessionCommand.Received;
import org.rotunda.gateway.connection.SessionCommand.Tick;
import org.rotunda.gateway.signal.ClientFrame;
import org.rotunda.gateway.signal.ClientMessage;
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

    /** The number of tracks in an update that count as one more frame. */
    private static final int TRACKS_PER_FRAME = 8;

    private final SessionContext shared;
    private final ClientSocket socket;
    private final TimerScheduler<SessionCommand> timers;
    private final ActorRef<SessionCommand> session;
    private final ReceiveBudget budget;
    private @Nullable ActorRef<Ack> paused; // Gets NEXT at the end of the client's wait; null while there is no wait.
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
        this.budget =
                new ReceiveBudget(shared.settings().receive(), shared.clock().instant());
        timers.startTimerAtFixedRate(Tick.HEARTBEAT, shared.settings().heartbeat());
        expectClient(Duration.ZERO);
    }

    /**
     * Asks for the next frame and restarts the timer for a silent client. If the client has sent too much, the next
     * frame is asked for later. Until then the frames wait in the buffers of the network, and when these are full, at
     * the client.
     */
    void onReceived(Received received) {
        shared.statistics().onFrameReceived();
        Duration wait = budget.take(
                cost(received.read().frame()), received.chars(), shared.clock().instant());
        if (wait.isZero()) {
            received.ack().tell(Ack.NEXT);
        } else {
            shared.statistics().onThrottled();
            paused = received.ack();
            timers.startSingleTimer(Tick.READ_ON, wait);
        }
        expectClient(wait);
        Malformed malformed = received.read().malformed();
        if (malformed != null) {
            shared.statistics().onMalformed(malformed);
        }
    }

    /**
     * Returns the number of frames by which this frame reduces the budget. An update of many tracks counts as several
     * frames, because it causes many rows in the journal.
     */
    private static int cost(@Nullable ClientFrame frame) {
        return frame instanceof ClientFrame.Message message
                        && message.body() instanceof ClientMessage.Update update
                        && update.participant() != null
                ? 1 + update.participant().tracks().size() / TRACKS_PER_FRAME
                : 1;
    }

    /** Asks for the next frame of a client that had to wait. */
    void readOn() {
        ActorRef<Ack> next = paused;
        if (next != null) {
            paused = null;
            next.tell(Ack.NEXT);
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

    /** Does the same as {@link #fail}, but with code 1012, because the node stops. */
    void failByPlan(String why) {
        socket.failByPlan(why);
    }

    /** @param wait the time in which no frame of the client is read */
    private void expectClient(Duration wait) {
        timers.startSingleTimer(
                Tick.CLIENT_SILENT,
                shared.settings().heartbeat().multipliedBy(SILENT_HEARTBEATS).plus(wait));
    }
}
