package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a session. Repeats the hello until the server's welcome, waits while the server is busy, exchanges
 * heartbeats, and wraps message bodies into frames. The owner decides the content of the bodies. Used on the client's
 * executor.
 */
final class SignalingConnection implements SignalingSocket.Listener {
    /** Supplies the first message and handles the events of the connection. */
    interface Owner {
        /** Returns the body of the hello, which depends on the phase of the session. */
        ObjectNode firstBody();

        /** Called with each frame that is sent, except heartbeats and bye frames. */
        void onSending(JsonNode frame);

        void onBody(JsonNode body);

        /** Called when the server is busy and allows no further attempt. The owner must end the connection. */
        void onRefused();

        /** Called when the server has rejected a frame as malformed. The owner must end the connection. */
        void onBad(String reason);

        /** Called exactly once, when the socket is closed. No other call follows. */
        void onClosed(SignalingConnection closed, int code);
    }

    /** A factory of sockets, which tests replace. */
    @FunctionalInterface
    interface Connector {
        SignalingLink open(SignalingSocket.Listener listener);
    }

    /** Runs a task on the client's executor after a delay. */
    @FunctionalInterface
    interface Timers {
        void after(long delayMs, Runnable task);
    }

    /** The close code that the client sends when a busy server tells the client to try again on another connection. */
    static final int CLOSE_BUSY = 3005;

    private static final int CLOSE_HELLO_TIMEOUT = 3000;
    private static final int CLOSE_HEARTBEATS_MISSED = 3001;
    private static final int HEARTBEAT_MS = 5_000;

    /** The time by which a heartbeat is sent before it is due, as in the SDK. */
    private static final int HEARTBEAT_EARLY_MS = 200;

    private static final int HEARTBEATS_MISSED_MAX = 3;
    private static final int HELLOS_MAX = 3;

    private final Owner owner;
    private final Timers timers;
    private final LongSupplier nanoTime;
    private final SignalingLink socket;
    private @Nullable String cookie;
    private boolean welcome;
    private boolean closed;
    private int hellos;
    private int heartbeatMs = HEARTBEAT_MS;
    private long sentNanos;
    private long heardNanos;
    private long retryAfterMs;

    /**
     * Creates a connection and begins to open its socket.
     *
     * @param cookie the cookie that a busy server sent on the previous connection
     */
    SignalingConnection(
            Owner owner, Connector connector, Timers timers, LongSupplier nanoTime, @Nullable String cookie) {
        this.owner = owner;
        this.timers = timers;
        this.nanoTime = nanoTime;
        this.cookie = cookie;
        socket = connector.open(this);
    }

    /** Returns the latest cookie that a busy server has sent, or null. The next connection must send this cookie. */
    @Nullable
    String cookie() {
        return cookie;
    }

    /** Returns the delay that a busy server demands before the next attempt. */
    long retryAfterMs() {
        return retryAfterMs;
    }

    void sendBody(ObjectNode body) {
        sentNanos = nanoTime.getAsLong();
        ObjectNode message = frame("msg");
        message.set("body", body);
        owner.onSending(message);
        socket.send(message);
    }

    /** Sends a text frame unchanged. */
    void sendRaw(String text) {
        socket.sendText(text);
    }

    void sayBye() {
        socket.send(frame("bye"));
    }

    /** Closes the socket normally. */
    void close() {
        socket.close(SignalingSocket.NORMAL);
    }

    /** Breaks the socket as a failing network does. */
    void abort() {
        socket.abort();
    }

    private static ObjectNode frame(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

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
        ObjectNode hello = frame("hello").put("version", 2);
        hello.put("id", UUID.randomUUID().toString()).put("timeout", HEARTBEAT_MS);
        if (cookie != null) {
            hello.put("cookie", cookie);
        }
        hello.set("body", owner.firstBody());
        owner.onSending(hello);
        socket.send(hello);
        int number = hellos;
        timers.after(HEARTBEAT_MS, () -> {
            if (number == hellos) {
                hello();
            }
        });
    }

    @Override
    public void onFrame(JsonNode frame) {
        heardNanos = nanoTime.getAsLong();
        switch (frame.path("type").asText()) {
            case "welcome" -> onWelcome(frame);
            case "msg" -> {
                if (welcome && !closed) {
                    owner.onBody(frame.path("body"));
                }
            }
            case "busy" -> onBusy(frame);
            case "bad" -> owner.onBad(frame.path("reason").asText());
            // A heartbeat only updates heardNanos, and the bye of the server needs no answer.
            default -> {}
        }
    }

    private void onWelcome(JsonNode frame) {
        if (!welcome) {
            welcome = true;
            heartbeatMs = frame.path("negotiatedTimeout").asInt(HEARTBEAT_MS);
            sentNanos = heardNanos;
            heartbeat();
        }
    }

    private void onBusy(JsonNode busy) {
        if (welcome) {
            return;
        }
        retryAfterMs = busy.path("retryAfter").asLong();
        cookie = busy.path("cookie").isTextual() ? busy.path("cookie").asText() : cookie;
        if (retryAfterMs < 0) {
            owner.onRefused();
        } else if (busy.path("keepAlive").asBoolean()) {
            hellos = 0;
            timers.after(retryAfterMs, this::hello);
        } else {
            socket.close(CLOSE_BUSY);
        }
    }

    /** Sends a heartbeat if nothing else was sent in time, and closes the socket if nothing was heard for too long. */
    private void heartbeat() {
        if (closed) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - heardNanos > TimeUnit.MILLISECONDS.toNanos((long) HEARTBEATS_MISSED_MAX * heartbeatMs)) {
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
        owner.onClosed(this, code);
    }
}
