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
import org.rotunda.load.client.DataChannelOffer;
import org.rotunda.load.client.Tokens;
import org.rotunda.media.control.Description;

/**
 * A participant without media and browser, which may announce tracks but sends nothing on them. It joins by the
 * signaling protocol, keeps its socket alive, and reads the server's messages. Its media transport never connects, and the bot does not resume when its socket is lost.
 * Callable from any thread.
 */
final class SignalingBot implements SignalingPeer, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ScheduledExecutorService EXECUTOR = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "signaling-bots");
        thread.setDaemon(true);
        return thread;
    });

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<SignalingEnd> ended = new CompletableFuture<>();
    private final SignalingClient client;
    private volatile List<Track> tracks;

    private SignalingBot(InetSocketAddress gateway, String identity, String room, List<Track> tracks) {
        this.tracks = List.copyOf(tracks);
        URI url = URI.create("ws://" + gateway.getAddress().getHostAddress() + ":" + gateway.getPort() + "/signaling");
        client = new SignalingClient(
                new SignalingClient.Settings(url, () -> Tokens.forAnyRoom(identity), room, true), this, EXECUTOR);
    }

    /** Joins a room and returns when the bot has joined. */
    static SignalingBot join(InetSocketAddress gateway, String identity, String room) {
        return join(gateway, identity, room, List.of());
    }

    /** Joins a room with tracks, and returns when the bot has joined. */
    static SignalingBot join(InetSocketAddress gateway, String identity, String room, List<Track> tracks) {
        SignalingBot bot = new SignalingBot(gateway, identity, room, tracks);
        EXECUTOR.execute(bot.client::connect);
        bot.connected.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        return bot;
    }

    /** Returns the SID of the room. */
    String room() {
        return Objects.requireNonNull(client.roomSid());
    }

    String participant() {
        return Objects.requireNonNull(client.participantSid());
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    /** Waits until the session has ended, and returns why. */
    SignalingEnd awaitEnd() {
        return ended.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public List<Track> tracks() {
        return tracks;
    }

    /** Tells the room that the bot now publishes these tracks and no others. */
    void publish(List<Track> now) {
        EXECUTOR.execute(() -> {
            tracks = List.copyOf(now);
            client.sendTracks();
        });
    }

    @Override
    public Description description() {
        return new Description(Description.Type.OFFER, 1, DataChannelOffer.SDP);
    }

    @Override
    public void onRoom(JsonNode body) {
        connected.complete(null); // Later updates of the room are ignored.
    }

    @Override
    public void onDescription(Description description) {
        // The bot never answers an offer.
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

    /** Tells the server that the bot leaves its room. */
    void leave() {
        EXECUTOR.execute(client::leave);
    }

    /** Breaks the connection without telling the server. */
    @Override
    public void close() {
        EXECUTOR.execute(() -> {
            client.vanish();
            onEnded(new SignalingEnd(0, "closed"));
        });
    }
}
