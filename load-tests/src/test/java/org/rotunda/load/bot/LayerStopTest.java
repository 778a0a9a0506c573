package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.TimeLimit;

/** Tests that a layer whose publisher stops it without a word is soon replaced by the next lower layer. */
class LayerStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PUBLISHERS = 3;
    private static final int TOP = 720;
    private static final int MIDDLE = 360;
    /** The longest accepted pause of a picture. */
    private static final double PAUSE_MS_MAX = 400;

    private final BotNode node = new BotNode(Map.of("rotunda.rooms.subscription-bitrate-max", "20000000"));

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void viewersSeeTheNextLayerSoon() {
        String room = node.freshRoom();
        List<Bot> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(node.join(node.settings(room, "publisher-" + i)
                    .withPublishing(Publishing.SIMULCAST)
                    .withoutSubscribing()));
        }
        Bot viewer = node.join(node.settings(room, "viewer"));
        awaitHeights(viewer, TOP);
        List<Double> before = pauses(viewer);

        publishers.forEach(publisher -> publisher.sendLowestLayers(2));
        awaitHeights(viewer, MIDDLE);

        List<Double> after = pauses(viewer);
        System.out.println(
                "longest pauses before the top layer stopped " + before + " ms, and after it " + after + " ms");
        // Another process may hold up one of the three; the median must be short.
        TimeLimit.holds(
                "the median of the pauses", after.stream().sorted().toList().get(PUBLISHERS / 2), PAUSE_MS_MAX);

        publishers.forEach(publisher -> publisher.sendLowestLayers(3));
        awaitHeights(viewer, TOP);
        assertThat(viewer.stats().continuity().details()).isEmpty();
    }

    private static List<Double> pauses(Bot viewer) {
        return viewer.stats().streams().stream()
                .map(stream -> stream.frameGapMaxNanos() / 1e6)
                .toList();
    }

    private static void awaitHeights(Bot viewer, int height) {
        Await.until(() -> height + "p of all publishers, but: " + viewer.stats().streams(), PATIENCE, () -> {
            List<BotStats.Stream> streams = viewer.stats().streams();
            return streams.size() == PUBLISHERS
                    && streams.stream().allMatch(stream -> stream.height() == height && stream.frames() > 30);
        });
    }
}
