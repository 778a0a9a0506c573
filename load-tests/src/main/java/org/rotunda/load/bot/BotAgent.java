package org.rotunda.load.bot;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.SignalingClient;
import org.rotunda.load.bot.signaling.SignalingEnd;
import org.rotunda.load.bot.signaling.SignalingPeer;
import org.rotunda.media.control.Description;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.testkit.PeerData;
import org.rotunda.media.testkit.PeerNegotiation;
import org.rotunda.media.testkit.PeerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Combines the signaling, the negotiation, the media and the tracks of one bot. Owned by the bot's loop; other threads
 * use {@link Bot}.
 */
final class BotAgent implements LoopMember, SignalingPeer, BotMedia.Listener, PeerData.Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(BotAgent.class);

    /** The code of the SDK's MediaClientRemoteDescFailedError. */
    private static final int DESCRIPTION_FAILED = 53_402;

    private static final int DEFECT = -1;

    private final BotSettings settings;
    private final BotLoop loop;
    private final BotSocket socket;
    private final MediaTotals totals;
    private final BotMedia.Environment environment;
    private BotMedia media;
    private PeerNegotiation<BotTrack> negotiation;
    private final SignalingClient client;
    private final RandomGenerator random;
    private CompletableFuture<Bot> joined = new CompletableFuture<>();
    private final CompletableFuture<SignalingEnd> ended = new CompletableFuture<>();
    private final BotPublications publications;
    private final BotSignals signals;
    // The SIDs of the received tracks, by the track ids in the router's descriptions.
    private final Map<String, String> trackSids = new HashMap<>();
    private final JoinClock clock;
    private volatile BotMessageListener messages = (bot, trackSid, message, binary) -> {};
    private long subscribedRevision;
    private boolean gone;
    private @Nullable WireTap tap;

    BotAgent(
            BotSettings settings,
            BotLoop loop,
            BotSocket socket,
            MediaTotals totals,
            BotContent content,
            BotMedia.Environment environment,
            long startNanos) {
        this.settings = settings;
        this.loop = loop;
        this.socket = socket;
        this.totals = totals;
        this.environment = environment;
        clock = new JoinClock(startNanos);
        random = environment.random();
        publications = new BotPublications(settings, content, random);
        signals = new BotSignals(publications::sendLayers);
        media = newMedia();
        negotiation = newNegotiation();
        client = new SignalingClient(
                new SignalingClient.Settings(
                        settings.signaling(),
                        settings.token(),
                        settings.room(),
                        settings.subscribes(),
                        settings.signals()),
                this,
                loop.executor());
    }

    private BotMedia newMedia() {
        BotMedia created = new BotMedia(environment, socket, this, this, totals, settings.counts());
        created.transmitter().setTap(tap);
        return created;
    }

    private PeerNegotiation<BotTrack> newNegotiation() {
        return new PeerNegotiation<>(
                settings.transportFeedback() ? PeerOptions.CHROMIUM : PeerOptions.CHROMIUM.withoutTransportFeedback(),
                "b" + Integer.toUnsignedString(random.nextInt(), Character.MAX_RADIX) + "bot",
                environment.identity().fingerprint().toString(),
                this::onLocalDescription,
                this::onApplied);
    }

    /** Sets the tap of the current media connection and of all later connections. */
    void setTap(@Nullable WireTap listener) {
        tap = listener;
        media.transmitter().setTap(listener);
    }

    /** Begins to join; the UDP socket must be bound. */
    void start() {
        socket.setMedia(media);
        loop.add(this);
        change(settings.publishing());
        negotiation.connect();
        client.connect();
    }

    BotSettings settings() {
        return settings;
    }

    @Override
    public String identity() {
        return settings.identity();
    }

    BotLoop loop() {
        return loop;
    }

    @Override
    public BotMedia media() {
        return media;
    }

    @Override
    public MediaTotals totals() {
        return totals;
    }

    SignalingClient client() {
        return client;
    }

    BotSignals signals() {
        return signals;
    }

    /** Sends these layers of the bot's video from now on, as a mask of bits; bit 0 is the lowest layer. */
    void sendLayers(int mask) {
        publications.sendLayers(mask);
    }

    /** Changes the publish priority of the bot's video. */
    void setVideoPriority(String priority) {
        publications.setVideoPriority(priority);
        client.sendTracks();
    }

    JoinTimes times() {
        return clock.times();
    }

    @Override
    public boolean isJoining() {
        return !joined.isDone();
    }

    @Override
    public String progress() {
        return settings.identity() + " in " + settings.room() + ": " + client.phase() + ", " + clock.times()
                + ", offer "
                + (negotiation.isSettled() ? "answered" : "not answered") + ", ICE "
                + (media.remote() == null ? "without an answer" : "answered by " + media.remote()) + ", "
                + totals.counters().dtlsFailures + " DTLS failures, last: " + totals.counters().lastDtlsFailure;
    }

    /** Sets the future that completes when the bot has joined. Must be called before {@link #start}. */
    void onJoined(CompletableFuture<Bot> waiting) {
        joined = waiting;
    }

    CompletableFuture<SignalingEnd> ended() {
        return ended;
    }

    @Override
    public @Nullable String trackSid(String trackId) {
        return trackSids.get(trackId);
    }

    void setMessageListener(BotMessageListener listener) {
        messages = listener;
    }

    @Override
    public void onTick(long nowNanos) {
        signals.onTime(media.data(), nowNanos);
        media.onTime(nowNanos);
        socket.flush();
    }

    // --- publishing -----------------------------------------------------------------------------------------------

    /** Publishes these tracks from now on, and unpublishes all other tracks. */
    void publish(Publishing next) {
        if (gone || publications.is(next)) {
            return;
        }
        change(next);
        client.sendTracks();
        negotiation.negotiate();
    }

    private void change(Publishing next) {
        long now = System.nanoTime();
        BotPublications.Change change = publications.changeTo(next, now);
        String closed = change.closed();
        if (closed != null) {
            media.data().close(closed, now);
            media.drainData();
            socket.flush();
        }
        change.removed().forEach(negotiation::unpublish);
        change.added().forEach(negotiation::publish);
        String opened = change.opened();
        if (opened != null) {
            openChannel(opened, now);
        }
    }

    /**
     * Replaces the media connection at the room's request. The tracks keep their ids; SSRCs, keys and the negotiation
     * are new.
     */
    @Override
    public void onNewConnection() {
        media.close();
        media = newMedia();
        signals.onNewConnection();
        socket.setMedia(media);
        negotiation = newNegotiation();
        long now = System.nanoTime();
        publications.renew(now).forEach(negotiation::publish);
        String label = publications.dataLabel();
        if (label != null) {
            openChannel(label, now);
        }
    }

    private void openChannel(String label, long now) {
        negotiation.openData();
        media.data().open(label, ChannelParameters.RELIABLE, now);
        media.drainData();
    }

    /** Sends a message on the data track. Returns false if there is no data track or the queue is full. */
    boolean send(byte[] message, boolean binary) {
        String label = publications.dataLabel();
        boolean taken = label != null && media.data().send(label, message, binary, System.nanoTime());
        totals.counters().messagesOut += taken ? 1 : 0;
        media.drainData();
        socket.flush();
        return taken;
    }

    // --- signaling ------------------------------------------------------------------------------------------------

    private void onLocalDescription(Description description) {
        client.sendDescription(description);
    }

    private void onApplied(SessionDescription description) {
        media.onApplied(description, negotiation.localUfrag(), negotiation.lines(), System.nanoTime());
        socket.flush();
    }

    @Override
    public List<Track> tracks() {
        return publications.announced();
    }

    @Override
    public @Nullable Description description() {
        return negotiation.local();
    }

    @Override
    public void onRoom(JsonNode body) {
        signals.onRoom(body);
        if (body.path("type").asText().equals("connected")) {
            clock.onAnswered(System.nanoTime());
            completeJoin();
        }
        JsonNode subscribed = body.path("subscribed");
        long revision = subscribed.path("revision").asLong();
        if (revision > subscribedRevision) {
            subscribedRevision = revision;
            trackSids.clear();
            for (JsonNode track : subscribed.path("tracks")) {
                if (track.has("id")) {
                    trackSids.put(track.path("id").asText(), track.path("sid").asText());
                }
            }
        }
    }

    @Override
    public void onDescription(Description description) {
        if (gone) {
            return;
        }
        try {
            negotiation.onDescription(description);
        } catch (IllegalStateException broken) {
            // Unlike the SDK, the bot ends after an unusable description, so that tests notice the fault.
            LOG.warn("{} cannot use a description of the router", settings.identity(), broken);
            finish(new SignalingEnd(DESCRIPTION_FAILED, String.valueOf(broken.getMessage())));
            client.leave();
        }
    }

    @Override
    public void onSending(JsonNode frame) {
        WireTap listening = tap;
        if (listening != null) {
            listening.onSignaling(frame.toString());
        }
    }

    @Override
    public void onEnded(SignalingEnd end) {
        finish(end);
    }

    // --- media ----------------------------------------------------------------------------------------------------

    @Override
    public void onConnected(long nowNanos) {
        clock.onConnected(nowNanos);
        completeJoin();
    }

    private void completeJoin() {
        if (!joined.isDone() && clock.isComplete()) {
            joined.complete(new Bot(this));
        }
    }

    @Override
    public void onFirstMedia(long nowNanos) {
        clock.onFirstMedia(nowNanos);
    }

    @Override
    public void onMessage(String label, byte[] message, boolean binary) {
        if (signals.isSignaling(label)) {
            signals.onMessage(message, System.nanoTime());
            return;
        }
        totals.counters().messagesIn++;
        messages.onMessage(settings.identity(), trackSids.getOrDefault(label, label), message, binary);
    }

    @Override
    public void onDefect(RuntimeException defect) {
        LOG.error("{} failed", settings.identity(), defect);
        client.vanish();
        finish(new SignalingEnd(DEFECT, String.valueOf(defect)));
    }

    // --- the end --------------------------------------------------------------------------------------------------

    void leave() {
        client.leave();
    }

    @Override
    public void vanish() {
        client.vanish();
        finish(new SignalingEnd(0, "vanished"));
    }

    @Override
    public void onSilence() {
        restartIce();
    }

    void setLoss(double shareIn, double shareOut) {
        socket.setLoss(shareIn, shareOut, random);
    }

    /** Restarts ICE, as the SDK does when the connection was lost. */
    void restartIce() {
        negotiation.restartIce();
    }

    void sendRtp(ByteBuf packet) {
        media.transmitter().sendRtp(packet);
        socket.flush();
    }

    void sendRtcp(ByteBuf packet) {
        media.transmitter().sendRtcp(packet);
        socket.flush();
    }

    void sendDatagram(ByteBuf datagram) {
        media.transmitter().transmit(datagram);
        socket.flush();
    }

    void sendApplicationData(byte[] bytes) {
        media.security().sendApplicationData(bytes);
        socket.flush();
    }

    void sendRecord(int contentType, byte[] plain) {
        media.security().sendRecord(contentType, plain);
        socket.flush();
    }

    private void finish(SignalingEnd end) {
        if (gone) {
            return;
        }
        gone = true;
        media.close();
        loop.remove(this);
        socket.close();
        joined.completeExceptionally(new BotJoinException(settings.identity(), end));
        ended.complete(end);
    }
}
