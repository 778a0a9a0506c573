package org.rotunda.load.bot;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.net.HandshakePool;
import org.rotunda.media.net.HandshakePoolWarmUp;

/**
 * Hundreds of bots in one JVM: one event loop per core, one pool for DTLS handshakes, one certificate, one copy of what they publish. No
 * thread per bot. Any thread; belongs in a process apart from the node it loads, or both are measured.
 */
public final class BotFleet implements AutoCloseable {
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final MultiThreadIoEventLoopGroup group;
    private final List<BotLoop> loops = new ArrayList<>();
    private final HandshakePool handshakes = new HandshakePool();
    private final BotContent content = BotContent.load();
    private final DtlsIdentity identity;
    private final RandomGenerator seeds;
    private final AtomicInteger joins = new AtomicInteger();

    private BotFleet(int threads, long seed) {
        identity = DtlsIdentity.generate(new SecureRandom(), Instant.now());
        seeds = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("bot-loop", true), io);
        for (int i = 0; i < threads; i++) {
            EventLoop executor = group.next();
            BotLoop loop = new BotLoop(executor);
            executor.execute(loop::start);
            loops.add(loop);
        }
    }

    /** A loop for each core. */
    public static BotFleet start() {
        return start(Runtime.getRuntime().availableProcessors());
    }

    public static BotFleet start(int loops) {
        return start(loops, new SecureRandom().nextLong());
    }

    /** The seed decides SSRCs, ids and the phase of every source; times and the network remain what they are. */
    public static BotFleet start(int loops, long seed) {
        return new BotFleet(loops, seed);
    }

    /** Runs handshakes and packets through memory, so that the first bots are not slower than the others. Takes about a second. */
    public void warmUp() throws IOException {
        HandshakePoolWarmUp.run(identity, handshakes, HandshakePoolWarmUp.ROUNDS);
    }

    /** Lets a bot join; done when it is in the room and its media connection is up, or failed with {@link BotJoinException}. */
    public CompletionStage<Bot> join(BotSettings settings) {
        return join(settings, null);
    }

    /** The same with somebody who hears everything it sends from the first check on. */
    public CompletionStage<Bot> join(BotSettings settings, @Nullable WireTap tap) {
        long startNanos = System.nanoTime();
        BotLoop loop = loops.get(Math.floorMod(joins.getAndIncrement(), loops.size()));
        CompletableFuture<Bot> joined = new CompletableFuture<>();
        loop.executor().execute(() -> {
            MediaTotals totals = new MediaTotals();
            BotSocket socket = new BotSocket(totals);
            loop.bind(socket).addListener(bound -> {
                if (bound.isSuccess()) {
                    begin(settings, tap, loop, socket, totals, startNanos, joined);
                } else {
                    joined.completeExceptionally(bound.cause());
                }
            });
        });
        return joined;
    }

    private void begin(
            BotSettings settings,
            @Nullable WireTap tap,
            BotLoop loop,
            BotSocket socket,
            MediaTotals totals,
            long startNanos,
            CompletableFuture<Bot> joined) {
        try {
            BotMedia.Environment environment = new BotMedia.Environment(
                    identity, handshakes, loop, newRandom(), content.unixMinusMonotonicNanos());
            BotAgent agent = new BotAgent(settings, loop, socket, totals, content, environment, startNanos);
            agent.onJoined(joined);
            agent.setTap(tap);
            agent.start();
        } catch (RuntimeException failure) { // A defect of ours: the caller must hear of it.
            joined.completeExceptionally(failure);
        }
    }

    private RandomGenerator newRandom() {
        synchronized (seeds) {
            return RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.nextLong());
        }
    }

    /** All bots together, those that are gone too. Waits for the loops. */
    public BotStats stats() {
        StatsSum sum = new StatsSum();
        for (BotLoop loop : loops) {
            sum.add(CompletableFuture.supplyAsync(loop::sum, loop.executor()).join());
        }
        return sum.toStats();
    }

    /** Bots that are still on their way in, and how far they have come. Waits for the loops. */
    public List<String> joining() {
        List<String> joining = new ArrayList<>();
        for (BotLoop loop : loops) {
            joining.addAll(CompletableFuture.supplyAsync(loop::joining, loop.executor())
                    .join());
        }
        return joining;
    }

    /** Bots that are there now. Waits for the loops. */
    public int size() {
        int size = 0;
        for (BotLoop loop : loops) {
            size += CompletableFuture.supplyAsync(() -> loop.agents().size(), loop.executor())
                    .join();
        }
        return size;
    }

    /**
     * How late the loops ticked at worst since this was asked last: beyond a few milliseconds the fleet has no time left, and its figures
     * are its own, not the node's.
     */
    public long takeLagNanosMax() {
        return loops.stream().mapToLong(BotLoop::takeLagNanosMax).max().orElse(0);
    }

    /** All bots vanish, all threads end. For goodbyes let each bot leave before. */
    @Override
    public void close() {
        for (BotLoop loop : loops) {
            CompletableFuture.runAsync(() -> List.copyOf(loop.agents()).forEach(BotAgent::vanish), loop.executor())
                    .join();
        }
        handshakes.close();
        group.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
