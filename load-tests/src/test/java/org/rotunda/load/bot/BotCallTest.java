package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.testkit.Await;

/** Tests that bots exchange media, data and signaling through a real node over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BotCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The number of video frames and audio packets that one bot sends another in two seconds. */
    private static final int FRAMES = 160;

    private final BotNode node = new BotNode();

    @AfterAll
    void stopNode() {
        node.close();
    }

    @Test
    void twoBotsExchangeSoundVideoAndDataWithoutAFault() throws ExecutionException, InterruptedException {
        String room = node.freshRoom();
        Publishing all = Publishing.AUDIO_AND_SIMULCAST.withData();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(all));
        Bot bob = node.join(node.settings(room, "bob").withPublishing(all));
        List<String> heard = new CopyOnWriteArrayList<>();
        bob.setMessageListener(
                (bot, trackSid, message, binary) -> heard.add(new String(message, StandardCharsets.UTF_8)));

        for (Bot bot : List.of(alice, bob)) {
            Await.until("the top layer at " + bot.identity(), PATIENCE, () -> heightOf(bot) == 720);
            Await.until(
                    "two seconds of media at " + bot.identity(),
                    PATIENCE,
                    () -> bot.stats().received().frames() > FRAMES);
        }
        Await.until("a message", PATIENCE, () -> {
            alice.send("hello");
            return !heard.isEmpty();
        });

        for (Bot bot : List.of(alice, bob)) {
            BotStats stats = bot.stats();
            assertThat(stats.continuity().details()).isEmpty();
            assertThat(stats.continuity().isClean()).isTrue();
            assertThat(stats.received().frozenFrames()).isZero();
            assertThat(stats.received().srtpFailures()).isZero();
            assertThat(stats.received().transportFeedbacks()).isPositive();
            assertThat(stats.delayMicros().getTotalCount()).isGreaterThan(FRAMES / 2);
            assertThat(stats.delayMicros().getValueAtPercentile(50)).isLessThan(1_000_000);
            assertThat(bot.joinTimes().connectedNanos()).isPositive();
            assertThat(bot.joinTimes().firstMediaNanos()).isPositive();
        }
        assertThat(heard).contains("hello");
        assertThat(alice.leave().toCompletableFuture().get().isError()).isFalse();
        Await.until(
                "bob is sent nothing any more",
                PATIENCE,
                () -> bob.stats().streams().isEmpty());
        assertThat(bob.leave()
                        .toCompletableFuture()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .get()
                        .isError())
                .isFalse();
    }

    @Test
    void aBotWhoseSocketIsCutResumesTheSameSession() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO_AND_SIMULCAST));
        Bot bob = node.join(node.settings(room, "bob"));
        Await.until("media", PATIENCE, () -> bob.stats().received().frames() > 0);

        alice.cutSignaling();
        bob.cutSignaling();
        Await.until("both have resumed", PATIENCE, () -> alice.resumptions() == 1 && bob.resumptions() == 1);
        long frames = bob.stats().received().frames();
        Await.until("media after it", PATIENCE, () -> bob.stats().received().frames() > frames + FRAMES);

        // Bob notices the next change of tracks only if the signaling of both bots works.
        alice.publish(Publishing.AUDIO_AND_SIMULCAST.withVideo(Publishing.Video.NONE));
        Await.until(
                "the camera is gone at bob",
                PATIENCE,
                () -> bob.stats().streams().size() == 1);
        alice.publish(Publishing.AUDIO_AND_SIMULCAST.withVideo(Publishing.Video.CLIP));
        Await.until("the clip at bob", PATIENCE, () -> heightOf(bob) > 0);
        assertThat(bob.stats().continuity().details()).isEmpty();
        assertThat(alice.isEnded() || bob.isEnded()).isFalse();
    }

    @Test
    void aBotWithABadTokenGetsTheReason() {
        BotSettings settings = BotSettings.of(node.signaling(), () -> "not a token", node.freshRoom(), "mallory");

        assertThatThrownBy(() -> node.join(settings))
                .hasCauseInstanceOf(BotJoinException.class)
                .hasMessageContaining("20101");
    }

    @Test
    void aBotThatSubscribesToNothingIsSentNothing() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO));
        Bot deaf = node.join(node.settings(room, "deaf").withoutSubscribing());
        Bot bob = node.join(node.settings(room, "bob"));

        Await.until("bob hears alice", PATIENCE, () -> bob.stats().received().frames() > FRAMES / 2);

        assertThat(deaf.stats().streams()).isEmpty();
        assertThat(deaf.stats().received().packets()).isZero();
        assertThat(alice.stats().sent().packets()).isGreaterThan(FRAMES / 2);
    }

    private static int heightOf(Bot bot) {
        return bot.stats().streams().stream()
                .mapToInt(BotStats.Stream::height)
                .max()
                .orElse(0);
    }
}
