package org.rotunda.load.hostile;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Sends damaged, oversized and changed frames on signaling sockets. The gateway ends a session after a malformed frame,
 * so a new socket is opened every few frames. An object must be used by one thread only.
 */
public final class HostileSignaling {
    /**
     * The maximum number of frames on one socket. The gateway does not always close the socket earlier, because a
     * damaged frame can still be valid.
     */
    private static final int FRAMES_PER_SOCKET_MAX = 4;

    private static final long ANSWER_MILLIS = 30;
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
            HostileSocket socket = HostileSocket.open(http, url);
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
        HostileSocket socket = HostileSocket.open(http, url);
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

    /**
     * Replays the recorded frames on a new socket, each as the function changes it, until the gateway refuses one.
     * Returns the error code of the refusal; 0 if the gateway closed the socket without a code, and -1 if it did
     * neither within {@code patienceSeconds}.
     */
    public int refusal(UnaryOperator<String> change, int patienceSeconds) {
        HostileSocket socket = HostileSocket.open(http, url);
        for (String frame : frames) {
            if (socket.isClosedWithin(ANSWER_MILLIS) || !socket.send(change.apply(frame))) {
                break;
            }
        }
        int code = socket.codeWithin(TimeUnit.SECONDS.toMillis(patienceSeconds));
        socket.abort();
        return code;
    }

    /** Returns the error code that the gateway answers to one frame on a new socket, as {@link #refusal} does. */
    public int refusalOf(String frame, int patienceSeconds) {
        HostileSocket socket = HostileSocket.open(http, url);
        socket.send(frame);
        int code = socket.codeWithin(TimeUnit.SECONDS.toMillis(patienceSeconds));
        socket.abort();
        return code;
    }
}
