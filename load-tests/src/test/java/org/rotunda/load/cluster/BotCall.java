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

/** A call of three bots with audio and video through the gateways of a cluster. Used only on the test thread. */
final class BotCall {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BOTS = 3;
    /** The number of audio packets and video frames that a bot receives within about two seconds. */
    private static final int SOME_FRAMES = 200;

    private final List<Bot> bots = new ArrayList<>();

    private BotCall() {}

    /** Starts a call, and waits for media. The bots are spread over the gateways in turn. */
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

    /** Waits until every bot has received {@link #SOME_FRAMES} more frames than at the time of the call. */
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

    /** Asserts that no session of a bot has ended, and that no bot restarted ICE after 7.5 s without packets. */
    void assertNotCut() {
        for (Bot bot : bots) {
            assertThat(bot.isEnded()).as(bot.identity()).isFalse();
            assertThat(bot.stats().received().silences()).as(bot.identity()).isZero();
        }
    }

    /** Returns the longest pause of video at any bot since the bots joined, in milliseconds. */
    long longestPauseMs() {
        return bots.stream()
                .mapToLong(bot ->
                        TimeUnit.NANOSECONDS.toMillis(bot.stats().received().frameGapMaxNanos()))
                .max()
                .orElse(0);
    }

    /** Returns the number of times that bots have resumed their sessions. */
    long resumptions() {
        return bots.stream().mapToLong(Bot::resumptions).sum();
    }
}
