package org.rotunda.load.livekit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket of one client, which carries a protocol buffer in each binary message. Sends messages in their order.
 * Thread-safe; calls its listener on threads of the HTTP client, one call at a time.
 */
final class SignalSocket implements WebSocket.Listener {
    /** The largest message that is read. The participants of the largest room take some 100 KiB. */
    static final int MESSAGE_BYTES_MAX = 1 << 20;

    private static final Duration OPENING = Duration.ofSeconds(30);

    /** Gets what the server says. */
    interface Listener {
        void onResponse(SignalSocket socket, SignalResponse response);

        /** Called when the socket is closed or could not be opened, maybe more than once. */
        void onClosed(Throwable reason);
    }

    private final Listener listener;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream(); // Used by one callback at a time.
    private CompletableFuture<WebSocket> sent; // Completes when all messages so far are sent.

    private SignalSocket(Listener listener) {
        this.listener = listener;
        sent = new CompletableFuture<>();
    }

    /** Begins to open a socket. Messages may be sent at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are handled here.
    static SignalSocket open(HttpClient http, URI url, Listener listener) {
        SignalSocket socket = new SignalSocket(listener);
        CompletableFuture<WebSocket> opened = socket.sent;
        http.newWebSocketBuilder()
                .connectTimeout(OPENING)
                .buildAsync(url, socket)
                .whenComplete((open, failure) -> {
                    if (failure == null) {
                        opened.complete(open);
                    } else {
                        opened.completeExceptionally(failure);
                        listener.onClosed(failure);
                    }
                });
        return socket;
    }

    /** Sends a message after all earlier ones. After a failure, of which the listener is told, nothing is sent. */
    synchronized void send(byte[] message) {
        sent = sent.thenCompose(socket -> socket.sendBinary(ByteBuffer.wrap(message), true));
    }

    /** Returns whether all messages are sent. */
    synchronized boolean isIdle() {
        return sent.isDone();
    }

    /** Closes the socket when all messages are sent. */
    synchronized void close() {
        sent = sent.thenCompose(socket -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        if (partial.size() + data.remaining() > MESSAGE_BYTES_MAX) {
            socket.abort();
            listener.onClosed(new IllegalStateException("a message has more than " + MESSAGE_BYTES_MAX + " bytes"));
            return null;
        }
        byte[] part = new byte[data.remaining()];
        data.get(part);
        partial.writeBytes(part);
        if (last) {
            byte[] message = partial.toByteArray();
            partial.reset();
            try {
                listener.onResponse(this, SignalResponse.parse(message));
            } catch (InvalidProtocolBufferException | JsonProcessingException malformed) {
                socket.abort();
                listener.onClosed(malformed);
                return null;
            }
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        listener.onClosed(new IllegalStateException("LiveKit closed the WebSocket: " + code + " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        listener.onClosed(error);
    }
}
