package org.rotunda.media.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.MediaCore;

/** One event loop with its UDP port, its TCP port if it has one, and its core. Safe to call from any thread. */
public final class MediaLoop<C extends MediaCore> {
    private final int index;
    private final EventLoop eventLoop;
    private final Channel channel;
    private final @Nullable TcpPort tcp;
    private final MediaSocketHandler<C> handler;
    private final LoopPulse pulse;
    private final MeteredIoHandler meter;
    private final MediaNetStatistics statistics;
    private final InetSocketAddress localAddress;

    MediaLoop(
            int index,
            Channel channel,
            @Nullable TcpPort tcp,
            MediaSocketHandler<C> handler,
            LoopPulse pulse,
            MeteredIoHandler meter,
            MediaNetStatistics statistics) {
        this.index = index;
        this.eventLoop = channel.eventLoop();
        this.channel = channel;
        this.tcp = tcp;
        this.handler = handler;
        this.pulse = pulse;
        this.meter = meter;
        this.statistics = statistics;
        this.localAddress = (InetSocketAddress) channel.localAddress();
    }

    public int index() {
        return index;
    }

    /** Returns the bound address. The address in ICE candidates has its own setting. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** Returns the bound address of the TCP port, or null if the loop has none. */
    public @Nullable InetSocketAddress tcpAddress() {
        return tcp == null ? null : tcp.localAddress();
    }

    /** Runs the task on the loop, then drains the core. A task that comes after the close is not run. */
    public void execute(Consumer<? super C> task) {
        try {
            eventLoop.execute(() -> handler.onTask(task));
        } catch (RejectedExecutionException e) {
            return; // The loop has ended, so the task is dropped.
        }
    }

    /** Takes, on the loop, what other loops have handed over. */
    @FunctionalInterface
    interface Handover<C> {
        /** Returns the time at which the other loop got the oldest of it, or {@code nowNanos} if there is nothing. */
        long drainTo(C core, long nowNanos);
    }

    /**
     * Returns what another loop runs to have this loop take what was handed over, and then drain the core.
     */
    Runnable handovers(Handover<? super C> handover) {
        Runnable task = () -> handler.onHandover(handover); // Made once, not for each batch of packets.
        return () -> {
            try {
                eventLoop.execute(task);
            } catch (RejectedExecutionException e) {
                return; // The loop has ended, so nobody takes what was handed over.
            }
        };
    }

    /**
     * Runs the task on the loop, drains the core, and then completes the stage on the loop with the task's result or
     * exception. After the close, the stage fails with {@link RejectedExecutionException}.
     */
    public <T extends @Nullable Object> CompletionStage<T> submit(Function<? super C, ? extends T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            eventLoop.execute(() -> run(task, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private <T extends @Nullable Object> void run(Function<? super C, ? extends T> task, CompletableFuture<T> answer) {
        Runnable[] completion = {
            () -> answer.completeExceptionally(new RejectedExecutionException("the media loop is closed"))
        };
        handler.onTask(core -> {
            try {
                T value = task.apply(core);
                completion[0] = () -> answer.complete(value);
            } catch (RuntimeException e) {
                completion[0] = () -> answer.completeExceptionally(e);
            }
        });
        completion[0].run();
    }

    public boolean isOnLoop() {
        return eventLoop.inEventLoop();
    }

    public MediaNetStatistics statistics() {
        return statistics;
    }

    /**
     * Returns the sum of the loop's ticks, tasks and read batches. The sum rises every 200 ms on an idle loop and with
     * every task on a busy loop. If the sum stays the same, the loop hangs.
     */
    public long turns() {
        return pulse.ticks() + statistics.tasks() + statistics.readBatches();
    }

    /** Returns the time that the loop has waited for work since its start. A wait under way counts when it ends. */
    public long waitedNanos() {
        return meter.waitedNanos();
    }

    /** The delay of the last tick. A loop ticks every 50 ms, or every 200 ms if it reads nothing. */
    public long lagNanos() {
        return pulse.lagNanos();
    }

    /** The longest delay of a tick, or the longest slow turn, in the last 15 to 30 s. */
    public long lagNanosMax() {
        return pulse.lagNanosMax();
    }

    Channel channel() {
        return channel;
    }

    /** Closes the ports and the core. Blocks. */
    void close(long timeoutMs) {
        if (tcp != null) {
            tcp.close(timeoutMs);
        }
        channel.close().awaitUninterruptibly(timeoutMs);
    }
}
