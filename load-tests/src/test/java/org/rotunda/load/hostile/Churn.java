package org.rotunda.load.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotSettings;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.client.Tokens;

/**
 * Bots in a few rooms that join, leave, vanish, change their tracks and lose their sockets, several times a second. The
 * sequence of events depends on the seed. Test thread only.
 */
final class Churn implements AutoCloseable {
    private static final int PER_SECOND = Integer.getInteger("rotunda.churn.rate", 5);
    private static final int ROOMS = 4;

    /**
     * The number of bots below which every event is a join. At {@link #BOTS_MAX} bots, an event can only remove a bot.
     */
    private static final int BOTS_MIN = 4;

    private static final int BOTS_MAX = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<Publishing> PUBLISHINGS = List.of(
            Publishing.NOTHING,
            Publishing.AUDIO,
            Publishing.AUDIO.withData(),
            Publishing.AUDIO.withVideo(Publishing.Video.CLIP),
            Publishing.AUDIO_AND_SIMULCAST,
            Publishing.EVERYTHING);

    private final ObservedNode node;
    private final BotFleet fleet = BotFleet.start(1, 5);
    private final RandomGenerator random;
    private final List<CompletableFuture<Bot>> bots = new ArrayList<>();
    private int identities;
    private int generation;
    private long joins;
    private long refused;
    private long leaves;
    private long publishes;
    private long cuts;

    Churn(ObservedNode node, long seed) {
        this.node = node;
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Causes events for this time and lets all bots leave at the end. */
    void run(Duration duration) {
        generation++;
        long startNanos = System.nanoTime();
        long events = duration.toSeconds() * PER_SECOND;
        for (long i = 0; i < events; i++) {
            long waitNanos = startNanos + TimeUnit.SECONDS.toNanos(1) * i / PER_SECOND - System.nanoTime();
            if (waitNanos > 0) {
                LockSupport.parkNanos(waitNanos);
            }
            next();
        }
        allLeave();
    }

    private void next() {
        forgetEnded();
        int kind = random.nextInt(6);
        if (bots.size() < BOTS_MIN || (bots.size() < BOTS_MAX && kind < 2)) {
            join();
            return;
        }
        int index = random.nextInt(bots.size());
        CompletableFuture<Bot> chosen = bots.get(index);
        if (!chosen.isDone()) {
            return; // A bot that is still joining is left alone.
        }
        Bot bot = chosen.join();
        if (bots.size() >= BOTS_MAX || kind == 2) {
            bots.remove(index);
            leaves++;
            var unused = random.nextInt(4) == 0 ? bot.vanish() : bot.leave();
        } else if (kind == 3) {
            cuts++;
            bot.cutSignaling();
        } else {
            publishes++;
            bot.publish(PUBLISHINGS.get(random.nextInt(PUBLISHINGS.size())));
        }
    }

    private void join() {
        String identity = "bot-" + identities++;
        joins++;
        bots.add(fleet.join(BotSettings.of(
                                node.signaling(),
                                () -> Tokens.forAnyRoom(identity),
                                "churn-" + generation + "-" + random.nextInt(ROOMS),
                                identity)
                        .withPublishing(PUBLISHINGS.get(random.nextInt(PUBLISHINGS.size()))))
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private void forgetEnded() {
        bots.removeIf(bot -> {
            refused += bot.isCompletedExceptionally() ? 1 : 0;
            return bot.isCompletedExceptionally() || (bot.isDone() && bot.join().isEnded());
        });
    }

    private void allLeave() {
        for (CompletableFuture<Bot> joining : bots) {
            try {
                joining.join()
                        .leave()
                        .toCompletableFuture()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join();
                leaves++;
            } catch (CompletionException notIn) {
                refused++;
            }
        }
        bots.clear();
    }

    /** Returns the number of failed joins. */
    long refused() {
        return refused;
    }

    @Override
    public String toString() {
        return joins + " joins (" + refused + " failed), " + leaves + " leaves, " + publishes + " publishes, " + cuts
                + " socket cuts";
    }

    @Override
    public void close() {
        fleet.close();
    }
}
