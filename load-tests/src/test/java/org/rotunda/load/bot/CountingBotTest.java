package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.testkit.Await;

/** Tests that a counting bot is a client like any other for a real node, and counts all that the node sends it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CountingBotTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOP = 720;
    private static final int SOME_PACKETS = 1_000;
    private static final int SOME_LOSSES = 50;
    private static final double LOSS_SHARE = 0.1;

    private final BotNode node = new BotNode(Map.of("rotunda.rooms.subscription-bitrate-max", "20000000"));

    @AfterAll
    void stopNode() {
        node.close();
    }

    /** The node counts what it forwards to all clients, so this is the only test that lets this node forward. */
    @Test
    void aCountingBotCountsLikeANormalViewer() {
        String room = node.freshRoom();
        Bot publisher = node.join(node.settings(room, "publisher")
                .withPublishing(Publishing.AUDIO_AND_SIMULCAST)
                .withoutSubscribing());
        Bot normal = node.join(node.settings(room, "normal").withoutTransportFeedback());
        Bot counting = node.join(node.settings(room, "counting").withCounting());
        Await.until("the top layer at the normal viewer", PATIENCE, () -> isAtTop(normal));

        BotStats normalBefore = normal.stats();
        BotStats countingBefore = counting.stats();
        awaitPackets(normal, normalBefore);
        // The layers below the top have less than a third of its packets.
        assertThat(packets(counting, countingBefore)).isGreaterThan(SOME_PACKETS / 2);
        assertThat(counting.stats().received().lost()).isZero();

        counting.setLoss(LOSS_SHARE, 0);
        Await.until("losses", PATIENCE, () -> counting.stats().received().lost() > SOME_LOSSES);
        counting.setLoss(0, 0);
        awaitPackets(counting, counting.stats()); // No loss is noticed before a later packet.
        assertThat(publisher.leave().toCompletableFuture().join().isError()).isFalse();

        Await.until(
                () -> forwarded() + " packets at the bots, but: " + normal.stats() + ", " + counting.stats(),
                PATIENCE,
                () -> sentTo(normal) + sentTo(counting) == forwarded());
        BotStats stats = counting.stats();
        assertThat(stats.sent().nacks()).isZero();
        assertThat(stats.sent().plis()).isZero();
        assertThat(stats.received().rtcp()).isPositive();
        assertThat(stats.received().srtpFailures()).isZero();
        assertThat(stats.received().frames()).isZero();
        assertThat(counting.joinTimes().firstMediaNanos()).isPositive();
        assertThat(counting.isEnded()).isFalse();
        assertThat(normal.stats().received().lost()).isZero();
    }

    @Test
    void aCountingBotCannotPromiseFeedback() {
        BotSettings settings = node.settings("room", "counting").withCounting();

        assertThat(settings.transportFeedback()).isFalse();
        assertThatThrownBy(() -> new BotSettings(
                        settings.signaling(),
                        settings.token(),
                        settings.room(),
                        settings.identity(),
                        settings.publishing(),
                        settings.speech(),
                        true,
                        true,
                        true,
                        settings.signals()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isAtTop(Bot viewer) {
        return viewer.stats().streams().stream().anyMatch(stream -> stream.height() == TOP);
    }

    private static void awaitPackets(Bot viewer, BotStats before) {
        Await.until("packets at " + viewer.identity(), PATIENCE, () -> packets(viewer, before) > SOME_PACKETS);
    }

    private static long packets(Bot viewer, BotStats since) {
        return viewer.stats().since(since).received().packets();
    }

    /** Returns the number of media packets that the node has sent to a bot, according to the bot. */
    private static long sentTo(Bot viewer) {
        BotStats.Received received = viewer.stats().received();
        return received.packets() - received.rtx() + received.early() + received.lost();
    }

    /** Returns the number of media packets that the node has sent to all bots, according to the node. */
    private long forwarded() {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create(node.node().managementUrl() + "/metrics"))
                .build();
        try {
            String page = HTTP.send(metrics, BodyHandlers.ofString()).body();
            return (long) Metrics.parse(page).value("rotunda_media_packets_forwarded_total");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
