package org.rotunda.load.bot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.SignalingEnd;
import org.rotunda.load.bot.source.VideoSource;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpParser;
import org.rotunda.media.sdp.SdpResult;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.testkit.PeerData;
import org.rotunda.media.testkit.PeerLine;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PlainDescriptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot that is a client of another server. It has the media of a {@link BotAgent}, so that the same payload is sent and
 * the same things are counted, and it either publishes one video or receives what the room has. Owned by the bot's loop.
 */
final class GuestAgent implements LoopMember, BotMedia.Listener, PeerData.Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(GuestAgent.class);
    private static final int FAILED = -1;

    private final GuestSettings settings;
    private final PeerOptions options;
    private final BotLoop loop;
    private final BotSocket socket;
    private final MediaTotals totals;
    private final BotMedia.Environment environment;
    private final BotMedia media;
    private final String ufrag;
    private final CompletableFuture<Guest> joined;
    private final JoinClock clock;
    private boolean gone;

    /** @param joined completes when the server has answered and the media connection is up */
    GuestAgent(
            GuestSettings settings,
            BotLoop loop,
            BotSocket socket,
            MediaTotals totals,
            BotMedia.Environment environment,
            long startNanos,
            CompletableFuture<Guest> joined) {
        this.settings = settings;
        PeerOptions chromium = PeerOptions.CHROMIUM.withAnnouncement(settings.announcement());
        this.options = settings.transportFeedback() ? chromium : chromium.withoutTransportFeedback();
        this.loop = loop;
        this.socket = socket;
        this.totals = totals;
        this.environment = environment;
        clock = new JoinClock(startNanos);
        this.joined = joined;
        media = new BotMedia(environment, socket, this, this, totals, false);
        RandomGenerator random = environment.random();
        ufrag = "g" + Integer.toUnsignedString(random.nextInt(), Character.MAX_RADIX) + "guest";
    }

    /** Begins to join; the UDP socket must be bound. {@code video} is the source of the published video, if any. */
    void start(@Nullable VideoSource video) {
        socket.setMedia(media);
        loop.add(this);
        CompletionStage<Void> done;
        if (video == null) {
            done = settings.server()
                    .watch(offer -> CompletableFuture.supplyAsync(() -> onOffer(offer), loop.executor()));
        } else {
            long now = System.nanoTime();
            RandomGenerator random = environment.random();
            PeerLine<BotTrack> line = PeerLine.offering(
                    "0",
                    new VideoOut(
                            "camera",
                            BotTrack.newId(random),
                            video,
                            random,
                            now,
                            environment.unixMinusMonotonicNanos()));
            String offer = PlainDescriptions.offer(options, line, ufrag, fingerprint());
            done = settings.server().publish(offer).thenAcceptAsync(answer -> onAnswer(answer, line), loop.executor());
        }
        done.whenCompleteAsync(
                (accepted, failure) -> {
                    if (failure == null) {
                        clock.onAnswered(System.nanoTime());
                        completeJoin();
                    } else {
                        LOG.warn("{} did not join", identity(), failure);
                        finish(String.valueOf(failure.getMessage()));
                    }
                },
                loop.executor());
    }

    private String fingerprint() {
        return environment.identity().fingerprint().toString();
    }

    private void onAnswer(String text, PeerLine<BotTrack> line) {
        SessionDescription answer = parse(text);
        line.onAnswer(answer.media().get(0));
        apply(answer, List.of(line));
    }

    private String onOffer(String text) {
        SessionDescription offer = parse(text);
        List<PeerLine<BotTrack>> lines = new ArrayList<>();
        for (MediaSection section : offer.media()) {
            lines.add(PeerLine.receiving(section, "track of line " + section.mid()));
        }
        apply(offer, lines);
        return PlainDescriptions.answer(offer, ufrag, fingerprint());
    }

    private void apply(SessionDescription description, List<PeerLine<BotTrack>> lines) {
        if (!gone) {
            media.onApplied(description, ufrag, lines, System.nanoTime());
            socket.flush();
        }
    }

    private static SessionDescription parse(String text) {
        if (SdpParser.parse(text) instanceof SdpResult.Parsed parsed) {
            return parsed.description();
        }
        throw new IllegalStateException("the server wrote no SDP: " + text);
    }

    @Override
    public String identity() {
        return settings.identity();
    }

    @Override
    public BotMedia media() {
        return media;
    }

    @Override
    public MediaTotals totals() {
        return totals;
    }

    @Override
    public @Nullable String trackSid(String trackId) {
        return null; // Other servers have no SIDs.
    }

    @Override
    public void onTick(long nowNanos) {
        media.onTime(nowNanos);
        socket.flush();
    }

    @Override
    public boolean isJoining() {
        return !joined.isDone();
    }

    @Override
    public String progress() {
        return identity() + ": " + clock.times() + ", ICE "
                + (media.remote() == null ? "without an answer" : "answered by " + media.remote()) + ", "
                + totals.counters().dtlsFailures + " DTLS failures, last: " + totals.counters().lastDtlsFailure;
    }

    @Override
    public void onConnected(long nowNanos) {
        clock.onConnected(nowNanos);
        completeJoin();
    }

    private void completeJoin() {
        if (clock.isComplete()) {
            joined.complete(new Guest(clock.times(), () -> loop.executor().execute(this::vanish)));
        }
    }

    @Override
    public void onFirstMedia(long nowNanos) {
        clock.onFirstMedia(nowNanos);
    }

    @Override
    public void onSilence() {
        // A guest does not restart ICE; the silence is counted.
    }

    @Override
    public void onMessage(String label, byte[] message, boolean binary) {
        // A guest has no use for what a server says on its data channels.
    }

    @Override
    public void onDefect(RuntimeException defect) {
        LOG.error("{} failed", identity(), defect);
        finish(String.valueOf(defect));
    }

    @Override
    public void vanish() {
        finish("vanished");
    }

    private void finish(String reason) {
        if (gone) {
            return;
        }
        gone = true;
        settings.server().leave();
        media.close();
        loop.remove(this);
        socket.close();
        joined.completeExceptionally(new BotJoinException(identity(), new SignalingEnd(FAILED, reason)));
    }
}
