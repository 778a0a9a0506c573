package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.testkit.Await;

/** Tests that the participants of a room are served from two event loops of one node, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BotLoopsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int BOTS = 4;

    /** The number of video frames and audio packets that one bot sends another in two seconds. */
    private static final int FRAMES = 160;

    private final HttpClient http = HttpClient.newHttpClient();

    // From the second connection on, each goes to the loop with fewer, so both loops get two of four.
    private final BotNode node = new BotNode(Map.of("rotunda.media.loops", "2", "rotunda.media.loop-share", "1"));

    @AfterAll
    void stopNode() {
        node.close();
    }

    private Metrics metrics() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.node().managementUrl() + "/metrics"))
                .build();
        return Metrics.parse(http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body());
    }

    @Test
    void everyBotReceivesEveryOtherWithoutLoss() {
        String room = node.freshRoom();
        Publishing all = Publishing.AUDIO_AND_SIMULCAST.withData();
        List<Bot> bots = new ArrayList<>();
        Map<String, Set<String>> heard = new ConcurrentHashMap<>();
        for (int i = 0; i < BOTS; i++) {
            Bot bot = node.join(node.settings(room, "bot-" + i).withPublishing(all));
            heard.put(bot.identity(), ConcurrentHashMap.newKeySet());
            bot.setMessageListener((identity, trackSid, message, binary) -> {
                Set<String> texts = heard.get(identity);
                if (texts != null) {
                    texts.add(new String(message, StandardCharsets.UTF_8));
                }
            });
            bots.add(bot);
        }

        for (Bot bot : bots) {
            Await.until(
                    "media of all others at " + bot.identity(),
                    PATIENCE,
                    () -> bot.stats().streams().size() == 2 * (BOTS - 1)
                            && bot.stats().streams().stream().allMatch(stream -> stream.frames() > FRAMES / 4));
        }
        Await.until("a message of each at each other", PATIENCE, () -> {
            bots.forEach(bot -> bot.send(bot.identity()));
            return heard.values().stream().allMatch(texts -> texts.size() == BOTS - 1);
        });

        for (Bot bot : bots) {
            BotStats stats = bot.stats();
            assertThat(stats.continuity().details()).as(bot.identity()).isEmpty();
            assertThat(stats.continuity().isClean()).as(bot.identity()).isTrue();
            assertThat(stats.received().frozenFrames()).as(bot.identity()).isZero();
            assertThat(stats.received().srtpFailures()).as(bot.identity()).isZero();
        }
        Metrics metrics = metrics();
        assertThat(metrics.value("rotunda_media_packets_relayed_total")).isGreaterThan(BOTS * FRAMES);
        assertThat(metrics.value("rotunda_media_drops_total{reason=\"loop_relay_full\"}"))
                .isZero();
        assertThat(metrics.value("rotunda_media_rooms")).isOne();
        assertThat(metrics.value("rotunda_media_publications")).isEqualTo(3 * BOTS);
        assertThat(metrics.value("rotunda_media_subscriptions")).isEqualTo(3 * BOTS * (BOTS - 1));
    }
}
