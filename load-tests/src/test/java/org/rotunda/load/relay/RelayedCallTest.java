package org.rotunda.load.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.BotStats;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.testkit.Await;

/** Tests calls of bots through the relay's simulated network. The node advertises the relay's address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayedCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 5;

    /** The number of audio packets and video frames that a publisher of audio and video sends in a second. */
    private static final int FRAMES_PER_SECOND = 50 + 30;

    private static final Duration DELAY = Duration.ofMillis(30);

    private static final long BOTTLENECK_BPS = 24_000; // The audio needs more than this rate.
    private static final int QUEUE_BYTES = 1_200;
    private static final long QUEUE_MICROS = QUEUE_BYTES * 8L * 1_000_000 / BOTTLENECK_BPS;
    private static final int DELAYS = 30;

    private final RelayedNode relayed = new RelayedNode(SEED, Map.of());
    private final UdpRelay relay = relayed.relay();
    private final BotNode node = relayed.node();

    @AfterAll
    void stop() {
        relayed.close();
    }

    @AfterEach
    void clearNetwork() {
        relay.setSchedules(LinkSchedule.CLEAR, LinkSchedule.CLEAR);
    }

    @Test
    void delayDuplicationAndReorderingCauseNoFaults() {
        String room = node.freshRoom();
        Publishing both = Publishing.AUDIO_AND_SIMULCAST;
        Bot alice = node.join(node.settings(room, "alice").withPublishing(both));
        Bot bob = node.join(node.settings(room, "bob").withPublishing(both));
        Bot carol = node.join(node.settings(room, "carol"));
        List<Bot> bots = List.of(alice, bob, carol);
        for (Bot bot : bots) {
            assertThat(bot.wire().router())
                    .as(bot.identity())
                    .isEqualTo(relay.addresses().get(0));
            awaitFramesAfter(bot.stats(), bot, 0);
        }

        LinkSchedule far = LinkSchedule.always(LinkConditions.CLEAR
                .withDelay(DELAY, Duration.ofMillis(5))
                .withDuplication(0.02)
                .withReordering(0.02, Duration.ofMillis(20)));
        LinkCounts upBefore = relay.up();
        LinkCounts downBefore = relay.down();
        relay.setSchedules(far, far);
        List<BotStats> starts = bots.stream().map(Bot::stats).toList();

        for (int i = 0; i < bots.size(); i++) {
            Bot bot = bots.get(i);
            awaitFramesAfter(starts.get(i), bot, 2 * FRAMES_PER_SECOND);
            BotStats stats = bot.stats();
            assertThat(stats.continuity().details()).as(bot.identity()).isEmpty();
            assertThat(stats.received().lost()).as(bot.identity()).isZero();
            assertThat(stats.received().srtpFailures()).as(bot.identity()).isZero();
            assertThat(medianMicros(stats.since(starts.get(i))))
                    .as(bot.identity())
                    .isGreaterThanOrEqualTo(2 * TimeUnit.NANOSECONDS.toMicros(DELAY.toNanos()));
        }
        LinkCounts up = relay.up();
        LinkCounts down = relay.down();
        assertThat(up.duplicated()).isGreaterThan(upBefore.duplicated());
        assertThat(down.duplicated()).isGreaterThan(downBefore.duplicated());
        assertThat(drops(up) + drops(down)).isEqualTo(drops(upBefore) + drops(downBefore));
        assertThat(relay.ownDrops()).isZero();
        bots.forEach(Bot::leave);
    }

    @Test
    void lossesAreRepairedAndEndWhenTheScheduleSaysSo() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO_AND_SIMULCAST));
        Bot bob = node.join(node.settings(room, "bob"));
        awaitFramesAfter(bob.stats(), bob, FRAMES_PER_SECOND);
        LinkSchedule lossy = LinkSchedule.always(LinkConditions.CLEAR.withLoss(0.05))
                .from(Duration.ofSeconds(2), LinkConditions.CLEAR);

        BotStats before = bob.stats();
        relay.setSchedules(lossy, lossy);
        // These frames take four seconds. The losses end after two seconds.
        awaitFramesAfter(before, bob, 4 * FRAMES_PER_SECOND);
        BotStats during = bob.stats().since(before);

        assertThat(relay.up().lost()).isPositive(); // No other test of this class has losses.
        assertThat(relay.down().lost()).isPositive();
        assertThat(alice.stats().received().nacks()).isPositive(); // The router asks for packets lost on the way up.
        assertThat(alice.stats().sent().resent()).isPositive();
        assertThat(during.sent().nacks()).isPositive(); // The bot asks for packets lost on the way down.
        assertThat(during.received().rtx()).isPositive();
        assertThat(during.received().recovered()).isPositive();
        assertThat(during.received().lost()).isPositive(); // Lost audio is not resent.
        for (BotStats.Stream stream : during.streams()) {
            // Audio loses about 10 % on the two links together for 2 s, and nothing for the next 2 s.
            double lossMax = stream.video() ? 0.01 : 0.2;
            assertThat((double) stream.lost() / stream.packets()).isLessThan(lossMax);
        }

        long drops = drops(relay.up()) + drops(relay.down());
        BotStats clear = bob.stats();
        awaitFramesAfter(clear, bob, FRAMES_PER_SECOND);
        BotStats after = bob.stats().since(clear);

        assertThat(drops(relay.up()) + drops(relay.down())).isEqualTo(drops);
        // The kernel may drop a few datagrams when the machine is busy.
        assertThat(after.received().lost())
                .isLessThanOrEqualTo(during.received().lost() / 5);
        assertThat(after.sent().nacks()).isLessThanOrEqualTo(during.sent().nacks() / 5);
        assertThat(relay.ownDrops()).isZero();
        alice.leave();
        bob.leave();
    }

    @Test
    void theFullQueueOfABottleneckDelaysPackets() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO));
        Bot bob = node.join(node.settings(room, "bob"));
        long clearMicros = awaitMedianDelay(bob);

        LinkConditions bottleneck = LinkConditions.CLEAR.withRate(BOTTLENECK_BPS, QUEUE_BYTES);
        relay.setSchedules(LinkSchedule.CLEAR, LinkSchedule.always(bottleneck));
        Await.until("a full queue", PATIENCE, () -> relay.down().queueDrops() > 0);
        BotStats full = bob.stats();
        long queuedMicros = awaitMedianDelay(bob);

        assertThat(queuedMicros - clearMicros).isGreaterThan(QUEUE_MICROS / 2);
        assertThat(bob.stats().since(full).received().lost()).isPositive();
        assertThat(relay.up().queueDrops()).isZero();

        relay.setSchedules(LinkSchedule.CLEAR, LinkSchedule.CLEAR);
        long drops = relay.down().queueDrops();
        Await.until("sound without a queue", PATIENCE, () -> awaitMedianDelay(bob) < QUEUE_MICROS / 2);
        assertThat(relay.down().queueDrops()).isEqualTo(drops);
        assertThat(relay.ownDrops()).isZero();
        alice.leave();
        bob.leave();
    }

    private static void awaitFramesAfter(BotStats start, Bot bot, int frames) {
        Await.until(
                frames + " frames at " + bot.identity(),
                PATIENCE,
                () -> bot.stats().since(start).received().frames() > frames);
    }

    /** Waits for {@link #DELAYS} frames and returns the median of their one-way delays. */
    private static long awaitMedianDelay(Bot bot) {
        BotStats start = bot.stats();
        Await.until(
                DELAYS + " delays at " + bot.identity(),
                PATIENCE,
                () -> bot.stats().since(start).delayMicros().getTotalCount() >= DELAYS);
        return medianMicros(bot.stats().since(start));
    }

    /** Returns the number of datagrams that a link has dropped for any reason. */
    private static long drops(LinkCounts link) {
        return link.lost() + link.queueDrops() + link.overflowDrops();
    }

    private static long medianMicros(BotStats stats) {
        return stats.delayMicros().getValueAtPercentile(50);
    }
}
