package org.rotunda.load.livekit;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.OtherServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A participant of a LiveKit room. LiveKit sends its candidates in messages of their own. The bots read a candidate only
 * in a description, so the first description waits for the first candidate. Used by one bot.
 */
public final class LiveKitGuest implements OtherServer, SignalSocket.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(LiveKitGuest.class);

    /** The layers of the bots' simulcast; docs/load-bots.md has their shape. */
    private static final List<SignalRequest.Layer> LAYERS = List.of(
            new SignalRequest.Layer(320, 180, 150_000),
            new SignalRequest.Layer(640, 360, 500_000),
            new SignalRequest.Layer(1280, 720, 2_500_000));

    private static final Pattern TRACK_ID = Pattern.compile("(?m)^a=msid:\\S+ (\\S+)");
    private static final Pattern MID = Pattern.compile("(?m)^a=mid:\\S+\r\n");
    private static final Pattern UDP = Pattern.compile("candidate:\\S+ 1 udp .*", Pattern.CASE_INSENSITIVE);

    private final LiveKitRoom room;
    private final String identity;
    private final CompletableFuture<String> candidate = new CompletableFuture<>();
    private final CompletableFuture<Void> added = new CompletableFuture<>(); // The server knows the track.
    private final CompletableFuture<String> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> watching = new CompletableFuture<>();
    private volatile @Nullable Answerer answerer;
    private volatile @Nullable SignalSocket socket;
    private volatile boolean ended;

    public LiveKitGuest(LiveKitRoom room, String identity) {
        this.room = room;
        this.identity = identity;
    }

    @Override
    public CompletionStage<String> publish(String offer) {
        Matcher track = TRACK_ID.matcher(offer);
        if (!track.find()) {
            return CompletableFuture.failedStage(new IllegalArgumentException("an offer without a track"));
        }
        SignalSocket open = room.join(identity, true, this);
        socket = open;
        open.send(SignalRequest.addCamera(track.group(1), LAYERS));
        return added.thenCompose(known -> {
                    open.send(SignalRequest.offer(offer));
                    return answered;
                })
                .thenCombine(candidate, LiveKitGuest::withCandidate);
    }

    /** Joins with the room's tracks subscribed. LiveKit offers data channels, and the tracks with them or later. */
    @Override
    public CompletionStage<Void> watch(Answerer bot) {
        answerer = bot;
        socket = room.join(identity, false, this);
        return watching;
    }

    /** Returns the description with this candidate in each of its sections. */
    private static String withCandidate(String sdp, String value) {
        return MID.matcher(sdp).replaceAll("$0a=" + Matcher.quoteReplacement(value) + "\r\n");
    }

    @Override
    public void onResponse(SignalSocket open, SignalResponse response) {
        if (response instanceof SignalResponse.Joined joined) {
            ping(open, joined.pingSeconds());
        } else if (response instanceof SignalResponse.Candidate offered) {
            if (UDP.matcher(offered.value()).matches()) {
                candidate.complete(offered.value()); // Only the first one counts.
            }
        } else if (response instanceof SignalResponse.TrackAdded) {
            added.complete(null);
        } else if (response instanceof SignalResponse.Answer answer) {
            answered.complete(answer.sdp());
        } else if (response instanceof SignalResponse.Offer offer) {
            onOffer(open, offer);
        } else if (response instanceof SignalResponse.Left left) {
            onClosed(new IllegalStateException("LiveKit ended the session; reason " + left.reason()));
        }
    }

    /** Lets the bot answer. LiveKit waits for an answer before it offers again, so offers do not overtake each other. */
    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are handled here.
    private void onOffer(SignalSocket open, SignalResponse.Offer offer) {
        Answerer bot = Objects.requireNonNull(answerer, "LiveKit offered to a publisher");
        candidate
                .thenCompose(value -> bot.answer(withCandidate(offer.sdp(), value)))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        onClosed(failure);
                    } else {
                        open.send(SignalRequest.answer(answer, offer.id()));
                        watching.complete(null);
                    }
                });
    }

    /** Sends a ping after each interval until the session ends. */
    @SuppressWarnings("FutureReturnValueIgnored") // The next ping ends with the session.
    private void ping(SignalSocket open, int intervalSeconds) {
        CompletableFuture.delayedExecutor(Math.max(1, intervalSeconds), TimeUnit.SECONDS)
                .execute(() -> {
                    if (ended) {
                        return;
                    }
                    if (open.isIdle()) { // A server that reads nothing gets no further pings.
                        open.send(SignalRequest.ping(System.currentTimeMillis()));
                    }
                    ping(open, intervalSeconds);
                });
    }

    @Override
    public void onClosed(Throwable reason) {
        if (ended) {
            return;
        }
        ended = true;
        LOG.warn("LiveKit ended the session of {}", identity, reason);
        candidate.completeExceptionally(reason);
        added.completeExceptionally(reason);
        answered.completeExceptionally(reason);
        watching.completeExceptionally(reason);
    }

    @Override
    public void leave() {
        ended = true;
        SignalSocket open = socket;
        if (open != null) {
            open.send(SignalRequest.leave());
            open.close();
        }
    }
}
