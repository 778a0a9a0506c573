package org.rotunda.load.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotSettings;
import org.rotunda.load.bot.BotStats;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;
import org.rotunda.load.bot.WireTap;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Await;

/**
 * A call of three victims and the attacker Mallory, who is in the same room. An attack must not disturb the victims.
 * Test thread only.
 */
final class HostileCall implements AutoCloseable {
    static final int VICTIMS = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    static final String ROOM = "call";
    private static final Publishing EVERYTHING = Publishing.AUDIO_AND_SIMULCAST.withData();

    private final ObservedNode node;
    private final BotFleet fleet = BotFleet.start(1, 4);
    private final List<Bot> victims = new ArrayList<>();
    private final Recordings recordings = new Recordings();
    private List<BotStats.Stream> watched = List.of();
    private Map<String, Long> forgiven = Map.of(); // The faults before the attack, by stream.
    private @Nullable Bot mallory;

    HostileCall(ObservedNode node) {
        this.node = node;
        for (int i = 0; i < VICTIMS; i++) {
            victims.add(join("victim-" + i, null));
        }
        Await.until(() -> "all streams of " + streams(), PATIENCE, this::allFlow);
        watched = streams();
        forgive();
    }

    /**
     * Ignores all faults that have occurred so far. A cold node on a busy machine loses packets even without an attack.
     */
    void forgive() {
        Map<String, Long> faults = new HashMap<>();
        streams().forEach(stream -> faults.put(name(stream), stream.faults()));
        forgiven = faults;
    }

    private long newFaults(BotStats.Stream stream) {
        return stream.faults() - forgiven.getOrDefault(name(stream), 0L);
    }

    private boolean allFlow() {
        List<BotStats.Stream> streams = streams();
        return streams.size() == VICTIMS * (VICTIMS - 1) * 2
                && streams.stream().allMatch(stream -> stream.trackSid() != null && stream.frames() > 50);
    }

    private Bot join(String identity, @Nullable WireTap tap) {
        BotSettings settings = BotSettings.of(node.signaling(), () -> Tokens.forAnyRoom(identity), ROOM, identity)
                .withPublishing(EVERYTHING)
                .withSpeech(SpeechScript.always());
        return fleet.join(settings, tap)
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    Recordings recordings() {
        return recordings;
    }

    /**
     * Replaces Mallory by a new bot, which earlier attacks have not affected, and records the traffic of the new bot.
     */
    Bot freshMallory() {
        malloryLeaves();
        recordings.record();
        Bot fresh = join("mallory", recordings);
        mallory = fresh;
        awaitRecordings(fresh);
        return fresh;
    }

    /**
     * Records Mallory's traffic again. The packets of the old recording are too old by now, so the node would drop them
     * as replays whatever else is wrong with them.
     */
    void recordAnew() {
        recordings.recordAnew();
        awaitRecordings(Objects.requireNonNull(mallory));
    }

    private void awaitRecordings(Bot bot) {
        Await.until("something of every protocol to damage", PATIENCE, () -> {
            bot.send("a message to damage");
            return recordings.isComplete() && bot.stats().received().frames() > 50;
        });
        recordings.stop();
    }

    void malloryLeaves() {
        Bot old = mallory;
        if (old != null) {
            old.leave().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
            mallory = null;
        }
    }

    Bot victim(int index) {
        return victims.get(index);
    }

    /**
     * Lets a participant join and leave again. Asserts that it gets every stream of the victims. Returns the time until
     * its media connection was up.
     */
    Duration serveNewcomer(String after) {
        Bot newcomer = join("newcomer", null);
        Set<String> sids = watched.stream().map(HostileCall::sid).collect(Collectors.toSet());
        Await.until(
                () -> "the victims' streams after " + after + ": "
                        + newcomer.stats().streams(),
                PATIENCE,
                () -> newcomer.stats().streams().stream()
                                .filter(stream -> sids.contains(sid(stream)) && stream.frames() > 20)
                                .count()
                        == sids.size());
        newcomer.leave().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        return Duration.ofNanos(newcomer.joinTimes().mediaNanos());
    }

    private static String sid(BotStats.Stream stream) {
        return String.valueOf(stream.trackSid());
    }

    /** Returns the signaling frames of a well-behaved bot that joins, publishes and leaves. */
    List<String> recordedSignaling() {
        Recordings heard = new Recordings();
        heard.record();
        Bot scribe = join("scribe", heard);
        scribe.publish(Publishing.AUDIO);
        Await.until("an update", PATIENCE, () -> heard.signaling().size() > 3);
        scribe.leave().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        return heard.signaling();
    }

    /** Returns the streams between the victims. Streams of Mallory are left out. */
    private List<BotStats.Stream> streams() {
        List<BotStats.Stream> all = new ArrayList<>();
        for (Bot victim : victims) {
            for (BotStats.Stream stream : victim.stats().streams()) {
                if (watched.isEmpty() || watched.stream().anyMatch(known -> isSame(known, stream))) {
                    all.add(stream);
                }
            }
        }
        return all;
    }

    private static boolean isSame(BotStats.Stream one, BotStats.Stream other) {
        return one.receiver().equals(other.receiver()) && sid(one).equals(other.trackSid());
    }

    /** Waits until every stream between the victims has further frames. */
    void awaitFrames(String after) {
        Map<String, Long> before = new HashMap<>();
        streams().forEach(stream -> before.put(name(stream), stream.frames()));
        Await.until(
                () -> "frames after " + after + ": " + streams(),
                PATIENCE,
                () -> streams().stream()
                        .allMatch(stream -> stream.frames() > before.getOrDefault(name(stream), 0L) + 20));
    }

    /** Asserts that all streams between the victims continue, without any fault since the last {@link #forgive}. */
    void assertUnhurt(String after) {
        awaitFrames(after);
        List<BotStats.Stream> now = streams();
        assertThat(now).as("streams between the victims after %s", after).hasSameSizeAs(watched);
        assertThat(now)
                .as(
                        "continuity after %s; the kernel dropped %.0f datagrams for the node, the bots were %d ms late",
                        after,
                        node.metrics().sum("rotunda_media_kernel_receive_drops_total"),
                        fleet.takeLagNanosMax() / 1_000_000)
                .allMatch(stream -> newFaults(stream) == 0);
        for (Bot victim : victims) {
            BotStats.Received received = victim.stats().received();
            assertThat(victim.isEnded()).isFalse();
            assertThat(victim.resumptions())
                    .as("resumes of %s", victim.identity())
                    .isZero();
            assertThat(received.silences())
                    .as("silences of %s", victim.identity())
                    .isZero();
            assertThat(received.dtlsFailures()).isZero();
            assertThat(received.srtpFailures()).isZero();
        }
        assertThat(node.isAlive()).isTrue();
    }

    /** Asserts that Mallory's own connection is not disturbed by packets that were forged in her name or damaged. */
    void assertMalloryUnhurt() {
        Bot bot = Objects.requireNonNull(mallory);
        BotStats.Received received = bot.stats().received();
        assertThat(bot.isEnded()).isFalse();
        assertThat(bot.resumptions()).isZero();
        assertThat(received.silences()).isZero();
        assertThat(received.dtlsFailures()).as(bot.progress()).isZero();
    }

    private static String name(BotStats.Stream stream) {
        return stream.receiver() + " " + stream.trackSid();
    }

    /** Waits until the node has removed every participant except the victims. */
    void awaitVictimsOnly() {
        Await.until(
                () -> "the other participants to be removed: " + node.metrics().sum("rotunda_media_transports"),
                Duration.ofMinutes(3),
                () -> (int) node.metrics().sum("rotunda_media_transports") == VICTIMS
                        && (int) node.metrics().sum("rotunda_participants") == VICTIMS
                        && (int) node.metrics().sum("rotunda_sessions") == VICTIMS);
    }

    @Override
    public void close() {
        fleet.close();
    }
}
