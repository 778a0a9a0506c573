package org.rotunda.gateway.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's end of a signaling WebSocket. */
public final class SignalingClient implements WebSocket.Listener {
    private static final long PATIENCE_SECONDS = 10;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final boolean reading;
    private @Nullable WebSocket socket;

    private SignalingClient(boolean reading) {
        this.reading = reading;
    }

    public static SignalingClient connect(InetSocketAddress server) {
        return connect(server, true);
    }

    /** Opens a WebSocket at another path than that of signaling. */
    public static SignalingClient connect(InetSocketAddress server, String path) {
        return connect(server, path, true);
    }

    /** @param reading false if the client never reads from its socket, like a client that hangs */
    public static SignalingClient connect(InetSocketAddress server, boolean reading) {
        return connect(server, "/signaling", reading);
    }

    /** Connects to the server behind this URL, which may be one with TLS. */
    public static SignalingClient connect(URI url, HttpClient http) {
        return connect(url, http, true);
    }

    private static SignalingClient connect(InetSocketAddress server, String path, boolean reading) {
        URI url = URI.create("ws://127.0.0.1:" + server.getPort() + path);
        return connect(url, HttpClient.newHttpClient(), reading);
    }

    private static SignalingClient connect(URI url, HttpClient http, boolean reading) {
        SignalingClient client = new SignalingClient(reading);
        client.socket = http.newWebSocketBuilder().buildAsync(url, client).join();
        return client;
    }

    private WebSocket socket() {
        return Objects.requireNonNull(socket);
    }

    public SignalingClient send(String text) {
        socket().sendText(text, true).join();
        return this;
    }

    public SignalingClient sendBinary(byte[] bytes) {
        socket().sendBinary(java.nio.ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    public SignalingClient close(int code) {
        socket().sendClose(code, "").join();
        return this;
    }

    /** Breaks the connection without a close frame. */
    public void abort() {
        socket().abort();
    }

    /** Waits for the next frame that is not a heartbeat. */
    public JsonNode next() {
        while (true) {
            JsonNode frame = nextFrame();
            if (!frame.path("type").asText().equals("heartbeat")) {
                return frame;
            }
        }
    }

    public JsonNode nextFrame() {
        try {
            String text = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("no frame came");
            }
            return MAPPER.readTree(text);
        } catch (InterruptedException | JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the next message, checks that it has this type, and returns its body. */
    public JsonNode body(String type) {
        JsonNode frame = next();
        JsonNode body = frame.path("body");
        if (!frame.path("type").asText().equals("msg")
                || !body.path("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + " but got " + frame);
        }
        return body;
    }

    public boolean isQuiet() {
        return frames.stream().allMatch(text -> text.contains("\"heartbeat\""));
    }

    /** Waits for the server to close the socket and returns the close code. */
    public int closeCode() {
        try {
            return closeCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the server does not close", e);
        }
    }

    public boolean isOpen() {
        return !closeCode.isDone();
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reading) {
            opened.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            frames.add(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closeCode.complete(1006); // Browsers report a broken connection with this code.
    }
}
