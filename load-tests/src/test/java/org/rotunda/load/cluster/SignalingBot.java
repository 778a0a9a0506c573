package org.rotunda.load.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rotunda.load.bot.signaling.SignalingClient;
import org.rotunda.load.bot.signaling.SignalingEnd;
import org.rotunda.load.bot.signaling.SignalingPeer;
import org.rotunda.load.client.Tokens;
import org.rotunda.media.control.Description;

/**
 * A participant without tracks, media and browser: connects by the signaling protocol, keeps its socket alive, and reads. It has a
 * transport nobody ever sends on, and does not come back when its socket is lost. Callable from any thread.
 */
final class SignalingBot implements SignalingPeer, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ScheduledExecutorService EXECUTOR = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "signaling-bots");
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

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<SignalingEnd> ended = new CompletableFuture<>();
    private final SignalingClient client;

    private SignalingBot(InetSocketAddress gateway, String identity, String room) {
        URI url = URI.create("ws://" + gateway.getAddress().getHostAddress() + ":" + gateway.getPort() + "/signaling");
        client = new SignalingClient(
                new SignalingClient.Settings(url, () -> Tokens.forAnyRoom(identity), room, true), this, EXECUTOR);
    }

    /** Joins a room and returns when it is in. */
    static SignalingBot join(InetSocketAddress gateway, String identity, String room) {
        SignalingBot bot = new SignalingBot(gateway, identity, room);
        EXECUTOR.execute(bot.client::connect);
        bot.connected.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        return bot;
    }

    /** The SID of the room it is in. */
    String room() {
        return Objects.requireNonNull(client.roomSid());
    }

    String participant() {
        return Objects.requireNonNull(client.participantSid());
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    @Override
    public List<Track> tracks() {
        return List.of();
    }

    @Override
    public Description description() {
        return new Description(Description.Type.OFFER, 1, OFFER);
    }

    @Override
    public void onRoom(JsonNode body) {
        connected.complete(null); // What happens in the room a bot does not care about.
    }

    @Override
    public void onDescription(Description description) {
        // It never answers.
    }

    @Override
    public void onReconnecting() {
        client.vanish();
        onEnded(new SignalingEnd(0, "the socket was lost"));
    }

    @Override
    public void onEnded(SignalingEnd end) {
        ended.complete(end);
        connected.completeExceptionally(new AssertionError("refused: " + end));
    }

    /** Breaks the connection without a word. */
    @Override
    public void close() {
        EXECUTOR.execute(() -> {
            client.vanish();
            onEnded(new SignalingEnd(0, "closed"));
        });
    }
}
