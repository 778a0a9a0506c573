package org.rotunda.load.hostile;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends damaged and oversized frames on signaling sockets. The gateway ends a session after a malformed frame, so a new
 * socket is opened every few frames. An object must be used by one thread only.
 */
public final class HostileSignaling {
    /**
     * The maximum number of frames on one socket. The gateway does not always close the socket earlier, because a
     * damaged frame can still be valid.
     */
    private static final int FRAMES_PER_SOCKET_MAX = 4;

    private static final long ANSWER_MILLIS = 30;
    private static final long OPEN_SECONDS = 30;
    private static final int PART_CHARS = 64 * 1024;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;
    private final List<String> frames;
    private final Mutations mutations;

    /** Creates an attack that damages these recorded frames of a bot. The first frame must be the hello. */
    public HostileSignaling(URI url, List<String> frames, long seed) {
        this.url = url;
        this.frames = List.copyOf(frames);
        mutations = new Mutations(seed);
    }

    /** The numbers of frames sent, of sockets opened, and of sockets that the gateway closed. */
    public record Sent(int frames, int sockets, int refused) {}

    /** Sends the given number of damaged frames on several sockets. */
    public Sent mutated(int count) {
        int sent = 0;
        int sockets = 0;
        int refused = 0;
        while (sent < count) {
            Socket socket = Socket.open(http, url);
            sockets++;
            if (mutations.random().nextInt(4) > 0) {
                socket.send(frames.get(0)); // After a valid hello the gateway parses message bodies, too.
            }
            for (int i = 0; i < FRAMES_PER_SOCKET_MAX && sent < count && !socket.isClosedWithin(ANSWER_MILLIS); i++) {
                socket.send(mutations.ofText(mutations.pick(frames), frames));
                sent++;
            }
            refused += socket.isClosedWithin(ANSWER_MILLIS) ? 1 : 0;
            socket.abort();
        }
        return new Sent(sent, sockets, refused);
    }

    /**
     * Sends a frame with the given number of characters in parts, as text or as bytes. Returns whether the gateway
     * closed the socket within {@code patienceSeconds}.
     */
    public boolean oversized(int chars, boolean binary, int patienceSeconds) {
        Socket socket = Socket.open(http, url);
        for (int at = 0; at < chars; at += PART_CHARS) {
            int length = Math.min(PART_CHARS, chars - at);
            boolean last = at + length == chars;
            if (!(binary ? socket.sendBytes(new byte[length], last) : socket.sendPart("x".repeat(length), last))) {
                break; // The gateway has closed the socket in the middle of the frame.
            }
        }
        boolean closed = socket.isClosedWithin(TimeUnit.SECONDS.toMillis(patienceSeconds));
        socket.abort();
        return closed;
    }

    /** A WebSocket that ignores the answers of the gateway. */
    private static final class Socket implements WebSocket.Listener {
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        private @Nullable WebSocket socket;

        static Socket open(HttpClient http, URI url) {
            Socket opening = new Socket();
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
            try {
                closed.get(millis, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException open) {
                return false;
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
            // An error message counts as a close, because the gateway then waits for the client to close the socket.
            if (data.toString().contains("\"error\"")) {
                closed.complete(true);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(true);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(true);
        }
    }
}
