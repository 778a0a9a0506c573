package org.rotunda.load.livekit;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A room of a LiveKit server, as its clients reach it. Thread-safe. */
public final class LiveKitRoom implements AutoCloseable {
    /** The version of the signaling protocol that the current clients of LiveKit name. */
    private static final int PROTOCOL = 16;

    private static final Duration TOKEN_LIFE = Duration.ofHours(6);

    /** The number of threads that read signaling. Few are enough for hundreds of clients, because none blocks. */
    private static final int THREADS = 2;

    private final ExecutorService threads;
    private final HttpClient http;
    private final URI server;
    private final String room;
    private final String key;
    private final String secret;

    /**
     * Creates a room, which the server opens for its first participant.
     *
     * @param server the address of the server, {@code ws://HOST:PORT}
     * @param key the name of an API key of the server
     * @param secret the secret of that key
     */
    public LiveKitRoom(URI server, String room, String key, String secret) {
        this.server = server;
        this.room = room;
        this.key = key;
        this.secret = secret;
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "livekit-signaling");
            thread.setDaemon(true);
            return thread;
        });
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
    }

    /**
     * Opens the socket of a participant. A participant who may not subscribe has only the connection that it offers, and
     * one who may not publish has only the one that the server offers.
     */
    SignalSocket join(String identity, boolean publishes, SignalSocket.Listener listener) {
        // Without adaptive_stream the server sends the highest layer from the start.
        URI url = URI.create(server + "/rtc?auto_subscribe=1&adaptive_stream=0&protocol=" + PROTOCOL + "&access_token="
                + token(identity, publishes));
        return SignalSocket.open(http, url, listener);
    }

    /** Returns a token for this room (LiveKit documentation, "Tokens &amp; grants"). */
    private String token(String identity, boolean publishes) {
        Instant now = Instant.now();
        Map<String, Object> grant =
                Map.of("roomJoin", true, "room", room, "canPublish", publishes, "canSubscribe", !publishes);
        return JWT.create()
                .withIssuer(key)
                .withSubject(identity)
                .withNotBefore(now)
                .withExpiresAt(now.plus(TOKEN_LIFE))
                .withClaim("video", grant)
                .sign(Algorithm.HMAC256(secret));
    }

    /** Ends the threads. All sockets must be closed. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
