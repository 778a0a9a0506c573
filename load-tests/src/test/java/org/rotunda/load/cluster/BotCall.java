package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotSettings;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Await;

/** A call of three bots with sound and video through the gateways of a cluster. Test thread only. */
final class BotCall {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BOTS = 3;
    /** The packets of audio and frames of video that a bot receives within about two seconds. */
    private static final int SOME_FRAMES = 200;

    private final List<Bot> bots = new ArrayList<>();

    private BotCall() {}

    /** Starts a call whose bots use the gateways in turn, and waits for media. */
    static BotCall join(BotFleet fleet, ClusterRig rig, String room) {
        List<NodeProcess> gateways = rig.gateways();
        BotCall call = new BotCall();
        for (int i = 0; i < BOTS; i++) {
            String identity = "bot-" + i;
            URI signaling = URI.create(
                    rig.restUrl(gateways.get(i % gateways.size()).name()).replaceFirst("^http", "ws") + "/signaling");
            call.bots.add(fleet.join(BotSettings.of(signaling, () -> Tokens.forAnyRoom(identity), room, identity)
                            .withPublishing(i == 0 ? Publishing.AUDIO_AND_SIMULCAST : Publishing.AUDIO))
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join());
        }
        call.awaitFlowing();
        return call;
    }

    String roomSid() {
        return bots.get(0).roomSid();
    }

    List<String> participantSids() {
        return bots.stream().map(Bot::participantSid).toList();
    }

    /** Waits until every bot has received some more media from now on. */
    void awaitFlowing() {
        for (Bot bot : bots) {
            long before = bot.stats().received().frames();
            Await.until(
                    () -> "media at " + bot.identity() + ": " + bot.progress() + ", "
                            + bot.stats().received(),
                    PATIENCE,
                    () -> bot.stats().received().frames() > before + SOME_FRAMES);
        }
    }

    /** Asserts that no bot was thrown out, or had to restart ICE because it heard nothing for 7.5 s. */
    void assertNotCut() {
        for (Bot bot : bots) {
            assertThat(bot.isEnded()).as(bot.identity()).isFalse();
            assertThat(bot.stats().received().silences()).as(bot.identity()).isZero();
        }
    }

    /** Returns the longest pause of video, in milliseconds, since the bots joined. */
    long longestPauseMs() {
        return bots.stream()
                .mapToLong(bot ->
                        TimeUnit.NANOSECONDS.toMillis(bot.stats().received().frameGapMaxNanos()))
                .max()
                .orElse(0);
    }

    /** Returns how often the bots resumed their sessions. */
    long resumptions() {
        return bots.stream().mapToLong(Bot::resumptions).sum();
    }
}
