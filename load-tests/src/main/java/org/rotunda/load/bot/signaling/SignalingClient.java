package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * A session with the signaling service as the SDK has it: token check, connect, updates both ways, heartbeats, and resuming on a new socket
 * when the old one is lost. All methods and callbacks on its executor.
 */
public final class SignalingClient {
    /**
     * Where to and as whom.
     *
     * @param token asked for with each request that carries one
     * @param room unique name or SID
     * @param subscribes whether to everything or to nothing
     */
    public record Settings(URI url, Supplier<String> token, String room, boolean subscribes) {}

    /** Where sockets come from; a test has its own. */
    @FunctionalInterface
    interface Connector {
        SignalingLink open(SignalingSocket.Listener listener);
    }

    /** Runs something on the client's executor after a while. */
    @FunctionalInterface
    interface Timers {
        void after(long delayMs, Runnable task);
    }

    private enum Phase {
        CONNECTING,
        IN_ROOM,
        SYNCING,
        ENDED
    }

    static final int HEARTBEAT_MS = 5_000;

    /** Less than the interval, as the SDK does. */
    static final int HEARTBEAT_EARLY_MS = 200;

    static final int HELLOS_MAX = 3;
    static final int CONNECTION_ERROR = 53_000;
    static final int DISCONNECTED = 53_001;
    static final int BUSY = 53_006;
    static final int COMPLETED = 53_118;

    private static final int BACKOFF_START_MS = 80;
    private static final double BACKOFF_FACTOR = 1.5;
    private static final int BACKOFF_MAX_MS = 10_000;
    private static final int CLOSE_HELLO_TIMEOUT = 3000;
    private static final int CLOSE_HEARTBEATS_MISSED = 3001;
    private static final int CLOSE_BUSY = 3005;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Settings settings;
    private final SignalingPeer peer;
    private final Connector connector;
    private final Timers timers;
    private final LongSupplier nanoTime;
    private String connection = UUID.randomUUID().toString();
    private final Set<String> spent = new HashSet<>(); // Ids of connections that were replaced.
    private Phase phase = Phase.CONNECTING;
    private @Nullable Link link;
    private @Nullable String session;
    private @Nullable String roomSid;
    private @Nullable String participantSid;
    private @Nullable String cookie;
    private boolean acquired; // ICE servers, that is, the token was accepted.
    private int participantRevision = 1;
    private long sessionTimeoutMs = 30_000;
    private long lostNanos;
    private double backoffMs;
    private long resumptions;

    public SignalingClient(Settings settings, SignalingPeer peer, ScheduledExecutorService executor) {
        this(
                settings,
                peer,
                listener -> SignalingSocket.open(settings.url, executor, listener),
                timersOf(executor),
                System::nanoTime);
    }

    SignalingClient(Settings settings, SignalingPeer peer, Connector connector, Timers timers, LongSupplier nanoTime) {
        this.settings = settings;
        this.peer = peer;
        this.connector = connector;
        this.timers = timers;
        this.nanoTime = nanoTime;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Tasks look at the phase themselves; none needs to be cancelled.
    private static Timers timersOf(ScheduledExecutorService executor) {
        return (delayMs, task) -> executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }

    /** Opens the socket and asks to be let in; the peer's description must be there already. */
    public void connect() {
        participantRevision = 1 + peer.tracks().size();
        link = new Link();
    }

    /** The SID of the room, null before it is entered. */
    public @Nullable String roomSid() {
        return roomSid;
    }

    public @Nullable String participantSid() {
        return participantSid;
    }

    /** Where it stands, in a word. */
    public String phase() {
        return phase.name();
    }

    /** How often the session went on after a lost socket. */
    public long resumptions() {
        return resumptions;
    }

    /** The peer's tracks are others now. */
    public void sendTracks() {
        participantRevision++;
        sendUpdate(null);
    }

    /** A new local description. Before the session exists it goes with the connect. */
    public void sendDescription(Description description) {
        sendUpdate(description);
    }

    /** Leaves for good. */
    public void leave() {
        Link current = link;
        if (phase != Phase.ENDED && current != null) {
            ObjectNode disconnect = body("disconnect");
            disconnect.put("session", session);
            current.sendBody(disconnect);
            current.socket.send(frame("bye"));
            current.socket.close(SignalingSocket.NORMAL);
        }
        end(SignalingEnd.LEFT);
    }

    /** Breaks the socket as a network does; the client resumes. */
    public void cut() {
        Link current = link;
        if (current != null) {
            current.socket.abort();
        }
    }

    /** Is gone without a word and does not come back. */
    public void vanish() {
        phase = Phase.ENDED;
        cut();
    }

    /** Sends a text frame as it is. */
    public void sendRaw(String text) {
        Link current = link;
        if (current != null) {
            current.socket.sendText(text);
        }
    }

    private void sendUpdate(@Nullable Description description) {
        Link current = link;
        if (phase != Phase.IN_ROOM || current == null) {
            return; // What is missed goes with the connect or the sync.
        }
        ObjectNode update = body("update");
        update.put("session", session);
        update.set("participant", participant());
        if (description != null) {
            update.set("peer_connections", connections(description));
        }
        current.sendBody(update);
    }

    // --- what the client says -------------------------------------------------------------------------------------

    private static ObjectNode frame(String type) {
        return JSON.objectNode().put("type", type);
    }

    private static ObjectNode body(String type) {
        return frame(type).put("version", 2);
    }

    private ObjectNode firstBody() {
        if (phase == Phase.SYNCING) {
            ObjectNode sync = body("sync");
            sync.put("name", settings.room).put("session", session).put("token", settings.token.get());
            sync.set("participant", participant());
            sync.set("peer_connections", connections(peer.description()));
            return sync;
        }
        if (!acquired) {
            return frame("ice").put("version", 1).put("edge", "roaming").put("token", settings.token.get());
        }
        return connectBody();
    }

    private ObjectNode connectBody() {
        ObjectNode connect = body("connect");
        connect.put("name", settings.room).put("token", settings.token.get());
        connect.put("ice_servers", "acquire").put("format", "unified");
        connect.set("participant", participant());
        connect.set("peer_connections", connections(peer.description()));
        connect.set("media_signaling", JSON.objectNode());
        ObjectNode subscribe = JSON.objectNode().put("revision", 1);
        subscribe
                .putArray("rules")
                .addObject()
                .put("type", settings.subscribes ? "include" : "exclude")
                .put("all", true);
        connect.set("subscribe", subscribe);
        connect.putObject("publisher")
                .put("name", "rotunda-bot")
                .put("sdk_version", "2.36.0")
                .put("user_agent", "rotunda-bot");
        return connect;
    }

    private ObjectNode participant() {
        ObjectNode participant = JSON.objectNode().put("revision", participantRevision);
        ArrayNode tracks = participant.putArray("tracks");
        for (SignalingPeer.Track track : peer.tracks()) {
            tracks.addObject()
                    .put("id", track.id())
                    .put("kind", track.kind())
                    .put("name", track.name())
                    .put("enabled", true)
                    .put("priority", "standard");
        }
        return participant;
    }

    private ArrayNode connections(@Nullable Description description) {
        ArrayNode connections = JSON.arrayNode();
        if (description != null) {
            connections
                    .addObject()
                    .put("id", connection)
                    .putObject("description")
                    .put("type", wireType(description.type()))
                    .put("revision", description.revision())
                    .put("sdp", description.sdp());
        }
        return connections;
    }

    private static String wireType(Description.Type type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    // --- what the client hears ------------------------------------------------------------------------------------

    private void onBody(JsonNode body) {
        switch (body.path("type").asText()) {
            case "iced" -> {
                Link current = link;
                if (phase == Phase.CONNECTING && current != null && !acquired) {
                    acquired = true;
                    current.sendBody(connectBody());
                }
            }
            case "connected" -> onConnected(body);
            case "synced" -> onSynced(body);
            case "update" -> onState(body);
            case "disconnected" ->
                end(
                        "completed".equals(body.path("status").asText())
                                ? new SignalingEnd(COMPLETED, "the room is completed")
                                : phase == Phase.CONNECTING
                                        ? new SignalingEnd(DISCONNECTED, "disconnected while connecting")
                                        : new SignalingEnd(0, "removed"));
            case "error" ->
                end(new SignalingEnd(
                        body.path("code").asInt(), body.path("message").asText()));
            default -> {} // Unknown messages are harmless, as to the SDK.
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
        sessionTimeoutMs =
                (long) (1_000 * body.path("options").path("session_timeout").asDouble());
        onState(body);
    }

    private void onSynced(JsonNode body) {
        if (phase == Phase.SYNCING) {
            phase = Phase.IN_ROOM;
            resumptions++;
            onState(body);
            peer.onResumed();
            sendUpdate(peer.description()); // The SDK repeats what it has said since the loss.
        }
    }

    private void onState(JsonNode body) {
        peer.onRoom(body);
        for (JsonNode entry : body.path("peer_connections")) {
            JsonNode description = entry.path("description");
            if (phase == Phase.IN_ROOM && description.isObject()) {
                String type = description
                        .path("type")
                        .asText()
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_');
                onDescription(
                        entry.path("id").asText(),
                        new Description(
                                Description.Type.valueOf(type),
                                description.path("revision").asLong(),
                                description.path("sdp").asText()));
            }
        }
    }

    /** One connection at a time: another that is asked for takes the place of the old one, whose close says nothing new. */
    private void onDescription(String id, Description description) {
        if (!connection.equals(id) && description.type() == Description.Type.CREATE_OFFER && !spent.contains(id)) {
            spent.add(connection);
            connection = id;
            peer.onNewConnection();
        }
        if (connection.equals(id) && description.type() != Description.Type.CLOSE) {
            peer.onDescription(description);
        }
    }

    private void end(SignalingEnd end) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        Link current = link;
        if (current != null) {
            current.socket.close(SignalingSocket.NORMAL);
        }
        peer.onEnded(end);
    }

    // --- sockets --------------------------------------------------------------------------------------------------

    private void onLost(int code) {
        link = null;
        if (phase == Phase.ENDED) {
            return;
        }
        if (phase == Phase.CONNECTING) {
            end(new SignalingEnd(
                    code == SignalingSocket.NORMAL ? DISCONNECTED : CONNECTION_ERROR, "socket closed with " + code));
        } else if (code == SignalingSocket.NORMAL) {
            end(new SignalingEnd(0, "the server closed the socket"));
        } else if (phase == Phase.IN_ROOM) {
            phase = Phase.SYNCING;
            lostNanos = nanoTime.getAsLong();
            backoffMs = BACKOFF_START_MS;
            peer.onReconnecting();
            retryLater();
        } else {
            retryLater();
        }
    }

    /** Random back-off with full jitter, until the session would be over. */
    private void retryLater() {
        long elapsedMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - lostNanos);
        if (elapsedMs >= sessionTimeoutMs) {
            end(new SignalingEnd(DISCONNECTED, "not resumed in time"));
            return;
        }
        long delayMs = ThreadLocalRandom.current().nextLong(1 + (long) backoffMs);
        backoffMs = Math.min(BACKOFF_MAX_MS, backoffMs * BACKOFF_FACTOR);
        timers.after(delayMs, () -> {
            if (phase == Phase.SYNCING && link == null) {
                link = new Link();
            }
        });
    }

    /** One socket with its handshake and heartbeats. */
    private final class Link implements SignalingSocket.Listener {
        private final SignalingLink socket = connector.open(this);
        private boolean welcome;
        private boolean closed;
        private int hellos;
        private int heartbeatMs = HEARTBEAT_MS;
        private long sentNanos;
        private long heardNanos;
        private long retryAfterMs;

        @Override
        public void onOpen() {
            hello();
        }

        private void hello() {
            if (welcome || closed) {
                return;
            }
            if (hellos == HELLOS_MAX) {
                socket.close(CLOSE_HELLO_TIMEOUT);
                return;
            }
            hellos++;
            ObjectNode hello = body("hello");
            hello.put("id", UUID.randomUUID().toString()).put("timeout", HEARTBEAT_MS);
            if (cookie != null) {
                hello.put("cookie", cookie);
            }
            hello.set("body", firstBody());
            peer.onSending(hello);
            socket.send(hello);
            int number = hellos;
            timers.after(HEARTBEAT_MS, () -> {
                if (number == hellos) {
                    hello();
                }
            });
        }

        void sendBody(ObjectNode body) {
            sentNanos = nanoTime.getAsLong();
            ObjectNode message = frame("msg");
            message.set("body", body);
            peer.onSending(message);
            socket.send(message);
        }

        @Override
        public void onFrame(JsonNode frame) {
            heardNanos = nanoTime.getAsLong();
            switch (frame.path("type").asText()) {
                case "welcome" -> {
                    if (!welcome) {
                        welcome = true;
                        heartbeatMs = frame.path("negotiatedTimeout").asInt(HEARTBEAT_MS);
                        sentNanos = heardNanos;
                        heartbeat();
                    }
                }
                case "msg" -> {
                    if (welcome && !closed) {
                        onBody(frame.path("body"));
                    }
                }
                case "busy" -> onBusy(frame);
                case "bad" ->
                    end(new SignalingEnd(CONNECTION_ERROR, frame.path("reason").asText()));
                default -> {} // Heartbeats have been noted; the server's bye is ignored.
            }
        }

        private void onBusy(JsonNode busy) {
            if (welcome) {
                return;
            }
            retryAfterMs = busy.path("retryAfter").asLong();
            cookie = busy.path("cookie").isTextual() ? busy.path("cookie").asText() : cookie;
            if (retryAfterMs < 0) {
                if (phase == Phase.SYNCING) {
                    socket.abort();
                } else {
                    end(new SignalingEnd(BUSY, "the server is busy"));
                }
            } else if (busy.path("keepAlive").asBoolean()) {
                hellos = 0;
                timers.after(retryAfterMs, this::hello);
            } else {
                socket.close(CLOSE_BUSY);
            }
        }

        /** One task for both directions: sends when nothing else was sent, and gives the socket up when nothing is heard. */
        private void heartbeat() {
            if (closed) {
                return;
            }
            long now = nanoTime.getAsLong();
            if (now - heardNanos > TimeUnit.MILLISECONDS.toNanos(3L * heartbeatMs)) {
                socket.close(CLOSE_HEARTBEATS_MISSED);
                return;
            }
            long idleMs = TimeUnit.NANOSECONDS.toMillis(now - sentNanos);
            long intervalMs = Math.max(1, heartbeatMs - HEARTBEAT_EARLY_MS);
            if (idleMs >= intervalMs) {
                sentNanos = now;
                idleMs = 0;
                socket.send(frame("heartbeat"));
            }
            timers.after(Math.max(1, intervalMs - idleMs), this::heartbeat);
        }

        @Override
        public void onClosed(int code) {
            closed = true;
            if (code == CLOSE_BUSY && phase == Phase.CONNECTING) {
                link = null;
                timers.after(retryAfterMs, () -> {
                    if (phase == Phase.CONNECTING) {
                        link = new Link();
                    }
                });
            } else if (link == this) {
                onLost(code);
            }
        }
    }
}
