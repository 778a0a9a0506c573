package org.rotunda.load.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.browser.Tokens;

/**
 * A participant without tracks and without a browser: connects by the signaling protocol, keeps its socket alive, and reads. It has a
 * transport nobody ever sends on. Callable from any thread.
 */
final class SignalingBot implements WebSocket.Listener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HEARTBEAT_MS = 5_000;
    /** Less than the interval, as the SDK does. */
    private static final int HEARTBEAT_EARLY_MS = 200;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ScheduledExecutorService HEARTBEATS = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bots' heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    /** What a browser offers that has nothing to send: one data channel. */
    private static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=- 1 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            "a=ice-ufrag:bot0",
            "a=ice-pwd:botbotbotbotbotbotbotbot",
            "a=fingerprint:sha-256 " + "00:".repeat(31) + "00",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "a=max-message-size:262144",
            "");

    private final StringBuilder partial = new StringBuilder(); // Listener's thread.
    private final CompletableFuture<JsonNode> connected = new CompletableFuture<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private SignalingBot(InetSocketAddress gateway) {
        socket = HTTP.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(
                        URI.create("ws://" + gateway.getAddress().getHostAddress() + ":" + gateway.getPort()
                                + "/signaling"),
                        this)
                .join();
    }

    /** Joins a room and returns when it is in. */
    static SignalingBot join(InetSocketAddress gateway, String identity, String room) {
        SignalingBot bot = new SignalingBot(gateway);
        bot.send(Map.of(
                "type",
                "hello",
                "version",
                2,
                "id",
                UUID.randomUUID().toString(),
                "timeout",
                HEARTBEAT_MS,
                "body",
                connect(identity, room)));
        bot.connected.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        bot.scheduleHeartbeat();
        return bot;
    }

    private static Map<String, Object> connect(String identity, String room) {
        return Map.of(
                "type", "connect",
                "version", 2,
                "name", room,
                "token", Tokens.forAnyRoom(identity),
                "format", "unified",
                "participant", Map.of("revision", 1, "tracks", List.of()),
                "peer_connections",
                        List.of(Map.of(
                                "id",
                                UUID.randomUUID().toString(),
                                "description",
                                Map.of("type", "offer", "revision", 1, "sdp", OFFER))),
                "subscribe", Map.of("rules", List.of(Map.of("type", "include", "all", true)), "revision", 1),
                "publisher", Map.of("name", "bot", "sdk_version", "2.0.0", "user_agent", "bot"));
    }

    private void send(Map<String, Object> frame) {
        try {
            socket.sendText(JSON.writeValueAsString(frame), true).join();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the socket.
    private void scheduleHeartbeat() {
        HEARTBEATS.schedule(
                () -> {
                    if (!closed.isDone()) {
                        send(Map.of("type", "heartbeat"));
                        scheduleHeartbeat();
                    }
                },
                HEARTBEAT_MS - HEARTBEAT_EARLY_MS,
                TimeUnit.MILLISECONDS);
    }

    /** The SID of the room it is in. */
    String room() {
        return connected.join().path("sid").asText();
    }

    String participant() {
        return connected.join().path("participant").path("sid").asText();
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            onFrame(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void onFrame(String text) {
        try {
            JsonNode frame = JSON.readTree(text);
            JsonNode body = frame.path("body");
            switch (frame.path("type").asText().equals("msg")
                    ? body.path("type").asText()
                    : frame.path("type").asText()) {
                case "connected" -> connected.complete(body);
                case "error", "busy" -> connected.completeExceptionally(new AssertionError("refused: " + frame));
                default -> {} // What happens in the room; a bot does not care.
            }
        } catch (JsonProcessingException malformed) {
            connected.completeExceptionally(malformed);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        end(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end(1006); // What browsers call a connection that broke.
    }

    private void end(int code) {
        closed.complete(code);
        connected.completeExceptionally(new AssertionError("closed with " + code));
    }

    /** Breaks the connection without a word. */
    @Override
    public void close() {
        closed.complete(1006);
        socket.abort();
    }
}
