package org.rotunda.load.hostile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A signaling WebSocket that sends anything. It notices whether the gateway refuses the client, and ignores all other
 * answers. The methods are used by one thread only.
 */
final class HostileSocket implements WebSocket.Listener {
    private static final long OPEN_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    // The code of the gateway's error message; 0 if the gateway closed the socket without an error message.
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    // The WebSocket makes one callback at a time, so the builder needs no lock.
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;

    private HostileSocket() {}

    static HostileSocket open(HttpClient http, URI url) {
        HostileSocket opening = new HostileSocket();
        opening.socket = http.newWebSocketBuilder()
                .buildAsync(url, opening)
                .orTimeout(OPEN_SECONDS, TimeUnit.SECONDS)
                .join();
        return opening;
    }

    boolean send(String text) {
        return sendPart(text, true);
    }

    boolean sendPart(String text, boolean last) {
        return isSent(opened().sendText(text, last));
    }

    boolean sendBytes(byte[] bytes, boolean last) {
        return isSent(opened().sendBinary(ByteBuffer.wrap(bytes), last));
    }

    private WebSocket opened() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    /** Waits until the frame is sent. Returns false if the gateway has closed the socket. */
    private static boolean isSent(CompletableFuture<WebSocket> sending) {
        try {
            sending.orTimeout(OPEN_SECONDS, TimeUnit.SECONDS).join();
            return true;
        } catch (CompletionException closedByGateway) {
            return false;
        }
    }

    boolean isClosedWithin(long millis) {
        return codeWithin(millis) >= 0;
    }

    /**
     * Waits until the gateway refuses the client. Returns the code of its error message; 0 if it closed the socket
     * without one, and -1 if it did neither in time.
     */
    int codeWithin(long millis) {
        try {
            return closed.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException open) {
            return -1;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    void abort() {
        opened().abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            onMessage(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    /** Counts an error message as a close, because the gateway then waits for the client to close the socket. */
    private void onMessage(String text) {
        try {
            JsonNode body = JSON.readTree(text).path("body");
            if (body.path("type").asText().equals("error")) {
                closed.complete(body.path("code").asInt());
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException("the gateway sent no JSON: " + text, malformed);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(0);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(0);
    }
}
