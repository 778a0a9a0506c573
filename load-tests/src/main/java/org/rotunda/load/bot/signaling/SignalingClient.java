package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * The client's side of a signaling session. It does the same as the SDK: it asks the server to check its token,
 * connects, exchanges updates with the server, and resumes the session on a new socket when the old socket is lost.
 * {@link SignalingBodies} makes the message bodies, and a {@link SignalingConnection} handles one socket. All methods
 * and callbacks run on the client's executor.
 */
public final class SignalingClient {
    /**
     * The server, the room and the credentials of a session.
     *
     * @param token a supplier of access tokens, which is called for each message with a token
     * @param room the unique name or the SID of the room
     * @param subscribes true if the client subscribes to all tracks, false if it subscribes to no tracks
     * @param signals the channels and the bandwidth profile that the client asks for
     */
    public record Settings(URI url, Supplier<String> token, String room, boolean subscribes, MediaSignals signals) {
        /** Creates the settings of a client that asks for no channels and no bandwidth profile. */
        public Settings(URI url, Supplier<String> token, String room, boolean subscribes) {
            this(url, token, room, subscribes, MediaSignals.NONE);
        }
    }

    private enum Phase {
        CONNECTING,
        IN_ROOM,
        SYNCING,
        ENDED
    }

    private static final int CONNECTION_ERROR = 53_000;
    private static final int DISCONNECTED = 53_001;
    private static final int BUSY = 53_006;
    private static final int COMPLETED = 53_118;

    private final SignalingPeer peer;
    private final SignalingConnection.Connector connector;
    private final SignalingConnection.Timers timers;
    private final LongSupplier nanoTime;
    private final SignalingConnection.Owner events = new ConnectionEvents();
    private final PeerConnectionSlot peerConnection;
    private final SignalingBodies bodies;
    private final ResumeBackoff backoff = new ResumeBackoff();
    private Phase phase = Phase.CONNECTING;
    private @Nullable SignalingConnection connection; // The connection is null between two sockets.
    private @Nullable String session;
    private @Nullable String roomSid;
    private @Nullable String participantSid;
    private @Nullable String cookie;
    // True after the server has sent ICE servers, which also shows that it has accepted the token.
    private boolean acquired;
    private long resumptions;

    public SignalingClient(Settings settings, SignalingPeer peer, ScheduledExecutorService executor) {
        this(
                settings,
                peer,
                listener -> SignalingSocket.open(settings.url, executor, listener),
                timersOf(executor),
                System::nanoTime);
    }

    SignalingClient(
            Settings settings,
            SignalingPeer peer,
            SignalingConnection.Connector connector,
            SignalingConnection.Timers timers,
            LongSupplier nanoTime) {
        this.peer = peer;
        this.connector = connector;
        this.timers = timers;
        this.nanoTime = nanoTime;
        peerConnection = new PeerConnectionSlot(peer);
        bodies = new SignalingBodies(settings, peer, peerConnection);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Each task checks first whether it is still needed.
    private static SignalingConnection.Timers timersOf(ScheduledExecutorService executor) {
        return (delayMs, task) -> executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }

    /** Opens the socket and joins the room. The peer must have a local description already. */
    public void connect() {
        bodies.onFirstTracks();
        open();
    }

    private void open() {
        connection = new SignalingConnection(events, connector, timers, nanoTime, cookie);
    }

    /** Returns the SID of the room; null before the client has joined. */
    public @Nullable String roomSid() {
        return roomSid;
    }

    public @Nullable String participantSid() {
        return participantSid;
    }

    /** Returns the name of the current phase, for reports. */
    public String phase() {
        return phase.name();
    }

    /** Returns the number of times that the session was resumed after a lost socket. */
    public long resumptions() {
        return resumptions;
    }

    /** Sends the peer's tracks after they have changed. */
    public void sendTracks() {
        bodies.onTracks();
        sendUpdate(null);
    }

    /**
     * Sends a new local description. Before the session exists, the connect message carries the description instead.
     */
    public void sendDescription(Description description) {
        sendUpdate(description);
    }

    private void sendUpdate(@Nullable Description description) {
        SignalingConnection current = connection;
        // In other phases the connect or the sync message carries the update.
        if (phase == Phase.IN_ROOM && current != null) {
            current.sendBody(bodies.update(session, description));
        }
    }

    /** Leaves the room and ends the session. */
    public void leave() {
        SignalingConnection current = connection;
        if (phase != Phase.ENDED && current != null) {
            current.sendBody(bodies.disconnect(session));
            current.sayBye();
        }
        end(SignalingEnd.LEFT);
    }

    /** Breaks the socket as a failing network does. The client then resumes the session. */
    public void cut() {
        SignalingConnection current = connection;
        if (current != null) {
            current.abort();
        }
    }

    /** Ends the client without telling the server. */
    public void vanish() {
        phase = Phase.ENDED;
        cut();
    }

    /** Sends a text frame unchanged. */
    public void sendRaw(String text) {
        SignalingConnection current = connection;
        if (current != null) {
            current.sendRaw(text);
        }
    }

    private void end(SignalingEnd end) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        SignalingConnection current = connection;
        if (current != null) {
            current.close();
        }
        peer.onEnded(end);
    }

    // --- messages of the server -----------------------------------------------------------------------------------

    private void onIced() {
        SignalingConnection current = connection;
        if (phase == Phase.CONNECTING && current != null && !acquired) {
            acquired = true;
            current.sendBody(bodies.connect());
        }
    }

    private void onConnected(JsonNode body) {
        if (phase != Phase.CONNECTING) {
            return;
        }
        phase = Phase.IN_ROOM;
        session = body.path("session").asText();
        roomSid = body.path("sid").asText();
        participantSid = body.path("participant").path("sid").asText();
        backoff.setSessionTimeout(
                (long) (1_000 * body.path("options").path("session_timeout").asDouble()));
        onState(body);
    }

    private void onSynced(JsonNode body) {
        if (phase == Phase.SYNCING) {
            phase = Phase.IN_ROOM;
            resumptions++;
            onState(body);
            peer.onResumed();
            // Like the SDK, the client sends its tracks and description again, because they may have changed meanwhile.
            sendUpdate(peer.description());
        }
    }

    private void onState(JsonNode body) {
        peer.onRoom(body);
        for (JsonNode entry : body.path("peer_connections")) {
            // The phase is checked before each entry, because the peer can end the client while it handles an entry.
            if (phase == Phase.IN_ROOM) {
                peerConnection.onEntry(entry);
            }
        }
    }

    private SignalingEnd endOf(JsonNode disconnected) {
        if ("completed".equals(disconnected.path("status").asText())) {
            return new SignalingEnd(COMPLETED, "the room is completed");
        }
        return phase == Phase.CONNECTING
                ? new SignalingEnd(DISCONNECTED, "disconnected while connecting")
                : new SignalingEnd(0, "removed");
    }

    // --- sockets --------------------------------------------------------------------------------------------------

    private void onLost(int code) {
        if (phase == Phase.CONNECTING) {
            end(new SignalingEnd(
                    code == SignalingSocket.NORMAL ? DISCONNECTED : CONNECTION_ERROR, "socket closed with " + code));
        } else if (code == SignalingSocket.NORMAL) {
            end(new SignalingEnd(0, "the server closed the socket"));
        } else {
            if (phase == Phase.IN_ROOM) {
                phase = Phase.SYNCING;
                backoff.onLost(nanoTime.getAsLong());
                peer.onReconnecting();
            }
            resumeLater();
        }
    }

    private void resumeLater() {
        long delayMs = backoff.nextDelayMs(nanoTime.getAsLong());
        if (delayMs == ResumeBackoff.GIVEN_UP) {
            end(new SignalingEnd(DISCONNECTED, "not resumed in time"));
        } else {
            openLater(delayMs, Phase.SYNCING);
        }
    }

    private void openLater(long delayMs, Phase during) {
        timers.after(delayMs, () -> {
            if (phase == during && connection == null) {
                open();
            }
        });
    }

    /** Handles the events of the current socket. */
    private final class ConnectionEvents implements SignalingConnection.Owner {
        @Override
        public ObjectNode firstBody() {
            if (phase == Phase.SYNCING) {
                return bodies.sync(session);
            }
            return acquired ? bodies.connect() : bodies.ice();
        }

        @Override
        public void onSending(JsonNode frame) {
            peer.onSending(frame);
        }

        @Override
        public void onBody(JsonNode body) {
            switch (body.path("type").asText()) {
                case "iced" -> onIced();
                case "connected" -> onConnected(body);
                case "synced" -> onSynced(body);
                case "update" -> onState(body);
                case "disconnected" -> end(endOf(body));
                case "error" ->
                    end(new SignalingEnd(
                            body.path("code").asInt(), body.path("message").asText()));
                default -> {} // The SDK ignores unknown messages, too.
            }
        }

        @Override
        public void onRefused() {
            if (phase == Phase.SYNCING) {
                cut(); // The client resumes the session afterwards, as it does after every lost socket.
            } else {
                end(new SignalingEnd(BUSY, "the server is busy"));
            }
        }

        @Override
        public void onBad(String reason) {
            end(new SignalingEnd(CONNECTION_ERROR, reason));
        }

        @Override
        public void onClosed(SignalingConnection closed, int code) {
            if (connection != closed) {
                return;
            }
            connection = null;
            cookie = closed.cookie();
            if (phase == Phase.CONNECTING && code == SignalingConnection.CLOSE_BUSY) {
                openLater(closed.retryAfterMs(), Phase.CONNECTING);
            } else if (phase != Phase.ENDED) {
                onLost(code);
            }
        }
    }
}
