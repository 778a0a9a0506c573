package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that carries one JSON object in each text frame. Sends frames in order and never blocks. Threads of this
 * class read and parse the frames; everything else runs on the owner's executor, which gets each parsed object.
 */
final class SignalingSocket implements SignalingLink, WebSocket.Listener {
    /** The time after which the SDK gives up a socket that is not open (close code 3007). */
    static final Duration OPEN_TIMEOUT = Duration.ofSeconds(15);

    static final int NORMAL = 1000;

    /** The close code that browsers report for a broken connection. */
    static final int ABNORMAL = 1006;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The number of parsing threads. Four threads are enough for a thousand bots, because callbacks never block. */
    private static final int THREADS = 4;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .executor(threads())
            .connectTimeout(OPEN_TIMEOUT)
            .build();

    private static ExecutorService threads() {
        return Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "bot-signaling");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The listener of a socket. Called on the owner's executor. */
    interface Listener {
        void onOpen();

        void onFrame(JsonNode frame);

        /** Called exactly once, when the socket is closed or could not be opened. No other call follows. */
        void onClosed(int code);
    }

    private final Executor owner;
    private final Listener listener;
    // The WebSocket makes one callback at a time, so the builder needs no lock.
    private final StringBuilder partial = new StringBuilder();
    private final ArrayDeque<String> unsent = new ArrayDeque<>();
    private @Nullable WebSocket socket;
    private boolean sending;
    // The code with which the socket is closed after all frames are sent; 0 if the socket stays open.
    private int closeCode;
    private boolean closed;

    private SignalingSocket(Executor owner, Listener listener) {
        this.owner = owner;
        this.listener = listener;
    }

    /** Begins to open a socket. The listener is told the outcome. */
    @SuppressWarnings("FutureReturnValueIgnored") // The listener is told of every outcome.
    static SignalingSocket open(URI url, Executor owner, Listener listener) {
        SignalingSocket opening = new SignalingSocket(owner, listener);
        HTTP.newWebSocketBuilder()
                .connectTimeout(OPEN_TIMEOUT)
                .buildAsync(url, opening)
                .whenComplete((socket, failure) -> opening.onOwner(() -> opening.onOpened(socket)));
        return opening;
    }

    /** Handles the outcome of opening; {@code opened} is null after a failure. */
    private void onOpened(@Nullable WebSocket opened) {
        if (opened == null) {
            end(ABNORMAL);
        } else if (closed) {
            opened.abort();
        } else {
            socket = opened;
            opened.request(Long.MAX_VALUE);
            listener.onOpen();
            sendNext();
        }
    }

    @Override
    public void send(JsonNode frame) {
        if (!closed) {
            unsent.add(frame.toString());
            sendNext();
        }
    }

    @Override
    public void sendText(String text) {
        if (!closed) {
            unsent.add(text);
            sendNext();
        }
    }

    @Override
    public void close(int code) {
        if (closeCode == 0) {
            closeCode = code;
            sendNext();
        }
    }

    @Override
    public void abort() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        end(ABNORMAL);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // sent() ends the socket after a failure.
    private void sendNext() {
        WebSocket open = socket;
        if (open == null || sending || closed) {
            return;
        }
        String text = unsent.poll();
        if (text != null) {
            sending = true;
            open.sendText(text, true).whenComplete((same, failure) -> onOwner(() -> sent(failure)));
        } else if (closeCode != 0) {
            sending = true;
            open.sendClose(closeCode, "").whenComplete((same, failure) -> onOwner(() -> end(closeCode)));
        }
    }

    private void sent(@Nullable Throwable failure) {
        sending = false;
        if (failure == null) {
            sendNext();
        } else {
            end(ABNORMAL);
        }
    }

    private void end(int code) {
        if (!closed) {
            closed = true;
            unsent.clear();
            listener.onClosed(code);
        }
    }

    private void onOwner(Runnable task) {
        try {
            owner.execute(task);
        } catch (RejectedExecutionException ownerIsGone) {
            abandon();
        }
    }

    private void abandon() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }

    @Override
    public void onOpen(WebSocket opened) {
        // Reading begins later, when onOpened requests frames on the owner's executor.
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            String text = partial.toString();
            partial.setLength(0);
            try {
                JsonNode frame = JSON.readTree(text);
                onOwner(() -> {
                    if (!closed) {
                        listener.onFrame(frame);
                    }
                });
            } catch (JsonProcessingException malformed) {
                from.abort();
                onOwner(() -> end(ABNORMAL));
            }
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        onOwner(() -> end(code));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        onOwner(() -> end(ABNORMAL));
    }
}
