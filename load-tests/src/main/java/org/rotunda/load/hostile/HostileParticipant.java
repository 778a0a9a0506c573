package org.rotunda.load.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.SignalingClient;
import org.rotunda.load.bot.signaling.SignalingEnd;
import org.rotunda.load.bot.signaling.SignalingPeer;
import org.rotunda.load.client.Tokens;
import org.rotunda.media.control.Description;

/**
 * A participant with a valid token that sends arbitrary frames and offers. It subscribes to no tracks, does not resume,
 * and sends no media. The public methods may be called from any thread. The callbacks run on one thread that all
 * participants share.
 */
public final class HostileParticipant implements SignalingPeer, AutoCloseable {
    private static final Duration JOIN = Duration.ofMinutes(2);

    private static final ScheduledExecutorService EXECUTOR = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hostile-participants");
        thread.setDaemon(true);
        return thread;
    });

    private final SignalingClient client;
    private final CompletableFuture<SignalingEnd> ended = new CompletableFuture<>();
    // The fields below belong to the shared thread.
    private Description offer;
    private CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private @Nullable Description answer;
    private Predicate<JsonNode> awaited = body -> false;
    private CompletableFuture<JsonNode> found = new CompletableFuture<>();

    private HostileParticipant(URI url, String room, String identity, String sdp) {
        offer = new Description(Description.Type.OFFER, 1, sdp);
        client = new SignalingClient(
                new SignalingClient.Settings(url, () -> Tokens.forAnyRoom(identity), room, false), this, EXECUTOR);
    }

    /**
     * Joins a room with this offer. Returns when the offer is answered or the session has ended, which {@link #end}
     * tells.
     */
    public static HostileParticipant join(URI url, String room, String identity, String sdp) {
        HostileParticipant participant = begin(url, room, identity, sdp);
        participant.isAnswered(JOIN);
        return participant;
    }

    /** Begins to join a room with this offer, without waiting. */
    static HostileParticipant begin(URI url, String room, String identity, String sdp) {
        HostileParticipant participant = new HostileParticipant(url, room, identity, sdp);
        EXECUTOR.execute(participant.client::connect);
        return participant;
    }

    /** Sends the next offer. Returns true when it is answered, or false if the session ended first. */
    public boolean offer(String sdp, Duration patience) {
        run(() -> {
            offer = new Description(Description.Type.OFFER, offer.revision() + 1, sdp);
            answered = new CompletableFuture<>();
            if (ended.isDone()) {
                answered.complete(false);
            } else {
                client.sendDescription(offer);
            }
        });
        return isAnswered(patience);
    }

    /** Waits for the answer to the latest offer. Returns false if the session ended first. */
    boolean isAnswered(Duration patience) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        run(() -> {
            var unused = answered.thenAccept(outcome::complete);
        });
        return outcome.orTimeout(patience.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Returns the answer to the latest offer; null if the offer is not answered. */
    @Nullable
    Description answer() {
        CompletableFuture<@Nullable Description> latest = new CompletableFuture<>();
        run(() -> latest.complete(answered.isDone() ? answer : null));
        return latest.join();
    }

    /** Sends a text frame unchanged. */
    public void send(String frame) {
        EXECUTOR.execute(() -> client.sendRaw(frame));
    }

    /**
     * Sends a text frame and waits for a message body that the predicate accepts. Returns false if none comes in time.
     */
    public boolean hears(String frame, Predicate<JsonNode> wanted, Duration patience) {
        CompletableFuture<JsonNode> hearing = new CompletableFuture<>();
        run(() -> {
            awaited = wanted;
            found = hearing;
            client.sendRaw(frame);
        });
        try {
            hearing.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException nothing) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Waits until the session has ended, and returns the reason. */
    public SignalingEnd end(Duration patience) {
        return ended.copy().orTimeout(patience.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Returns whether the session has ended. */
    public boolean isEnded() {
        return ended.isDone();
    }

    /** Leaves the room. Does nothing if the session has ended. */
    @Override
    public void close() {
        run(client::leave);
    }

    private static void run(Runnable task) {
        CompletableFuture.runAsync(task, EXECUTOR).join();
    }

    @Override
    public List<Track> tracks() {
        return List.of();
    }

    @Override
    public Description description() {
        return offer;
    }

    @Override
    public void onRoom(JsonNode body) {
        if (awaited.test(body)) {
            found.complete(body);
        }
    }

    @Override
    public void onDescription(Description description) {
        if (description.type() == Description.Type.ANSWER && description.revision() == offer.revision()) {
            answer = description;
            answered.complete(true);
        }
    }

    @Override
    public void onReconnecting() {
        client.vanish();
        onEnded(new SignalingEnd(0, "the socket was lost"));
    }

    @Override
    public void onEnded(SignalingEnd end) {
        ended.complete(end);
        answered.complete(false);
    }
}
