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
 * A fleet of hundreds of bots in one JVM. It has one event loop for each core, one pool for DTLS handshakes, one
 * certificate and one copy of the published media. No bot has a thread of its own. Callable from any thread.
 *
 * <p>The fleet and the node under test should run in different processes, so that the CPU time and memory of each can
 * be measured.
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

    /** Starts a fleet with one loop for each core. */
    public static BotFleet start() {
        return start(Runtime.getRuntime().availableProcessors());
    }

    public static BotFleet start(int loops) {
        return start(loops, new SecureRandom().nextLong());
    }

    /** Starts a fleet whose random choices depend only on the seed. Timing and the network are not reproducible. */
    public static BotFleet start(int loops, long seed) {
        return new BotFleet(loops, seed);
    }

    /**
     * Performs handshakes and processes packets in memory, so that the first bots are not slower than later bots. Takes
     * about a second.
     */
    public void warmUp() throws IOException {
        HandshakePoolWarmUp.run(identity, handshakes, HandshakePoolWarmUp.ROUNDS);
    }

    /**
     * Lets a bot join. The result completes when the bot is in the room and its media connection is up, or fails with
     * {@link BotJoinException} if the session ends first.
     */
    public CompletionStage<Bot> join(BotSettings settings) {
        return join(settings, null);
    }

    /** Lets a bot join with a tap that gets everything the bot sends, from the first connectivity check on. */
    public CompletionStage<Bot> join(BotSettings settings, @Nullable WireTap tap) {
        long startNanos = System.nanoTime();
        BotLoop loop = nextLoop();
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

    /**
     * Lets a bot join another server. The result completes when the server has answered and the bot's media connection
     * is up, or fails with {@link BotJoinException}.
     */
    public CompletionStage<Guest> visit(GuestSettings settings) {
        long startNanos = System.nanoTime();
        BotLoop loop = nextLoop();
        CompletableFuture<Guest> joined = new CompletableFuture<>();
        loop.executor().execute(() -> {
            MediaTotals totals = new MediaTotals();
            BotSocket socket = new BotSocket(totals);
            loop.bind(socket).addListener(bound -> {
                if (bound.isSuccess()) {
                    new GuestAgent(settings, loop, socket, totals, newEnvironment(loop), startNanos, joined)
                            .start(content.video(settings.published()));
                } else {
                    joined.completeExceptionally(bound.cause());
                }
            });
        });
        return joined;
    }

    private BotLoop nextLoop() {
        return loops.get(Math.floorMod(joins.getAndIncrement(), loops.size()));
    }

    private BotMedia.Environment newEnvironment(BotLoop loop) {
        return new BotMedia.Environment(identity, handshakes, loop, newRandom(), content.unixMinusMonotonicNanos());
    }

    private void begin(
            BotSettings settings,
            @Nullable WireTap tap,
            BotLoop loop,
            BotSocket socket,
            MediaTotals totals,
            long startNanos,
            CompletableFuture<Bot> joined) {
        BotAgent agent = null;
        boolean started = false;
        try {
            agent = new BotAgent(settings, loop, socket, totals, content, newEnvironment(loop), startNanos);
            agent.onJoined(joined);
            agent.setTap(tap);
            agent.start();
            started = true;
        } catch (RuntimeException failure) { // A bug in the bot's own code fails the join.
            joined.completeExceptionally(failure);
        } finally {
            if (!started) {
                end(agent, socket);
            }
        }
    }

    private static void end(@Nullable BotAgent agent, BotSocket socket) {
        if (agent == null) {
            socket.close();
        } else {
            agent.vanish(); // This closes the socket, too.
        }
    }

    private RandomGenerator newRandom() {
        synchronized (seeds) {
            return RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.nextLong());
        }
    }

    /** Returns the start of the fleet, from which speech scripts count, in milliseconds since 1970. */
    public double startUnixMillis() {
        return (content.fleetStartNanos() + content.unixMinusMonotonicNanos()) / 1e6;
    }

    /** Returns the summed statistics of all bots, including bots that have ended. Waits for the loops. */
    public BotStats stats() {
        StatsSum sum = new StatsSum();
        for (BotLoop loop : loops) {
            sum.add(CompletableFuture.supplyAsync(loop::sum, loop.executor()).join());
        }
        return sum.toStats();
    }

    /** Describes each bot that is still joining, and how far its join has come. Waits for the loops. */
    public List<String> joining() {
        List<String> joining = new ArrayList<>();
        for (BotLoop loop : loops) {
            joining.addAll(CompletableFuture.supplyAsync(loop::joining, loop.executor())
                    .join());
        }
        return joining;
    }

    /** Returns the number of bots that have not ended, including bots that are still joining. Waits for the loops. */
    public int size() {
        int size = 0;
        for (BotLoop loop : loops) {
            size += CompletableFuture.supplyAsync(() -> loop.members().size(), loop.executor())
                    .join();
        }
        return size;
    }

    /**
     * Returns the longest delay of a tick on any loop since the previous call of this method. A delay of more than a
     * few milliseconds shows that the fleet is overloaded. The fleet's figures then say nothing about the node.
     */
    public long takeLagNanosMax() {
        return loops.stream().mapToLong(BotLoop::takeLagNanosMax).max().orElse(0);
    }

    /**
     * Ends all bots and all threads without telling the server. Bots that should leave their rooms must leave before
     * this call.
     */
    @Override
    public void close() {
        for (BotLoop loop : loops) {
            CompletableFuture.runAsync(() -> List.copyOf(loop.members()).forEach(LoopMember::vanish), loop.executor())
                    .join();
        }
        handshakes.close();
        group.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
