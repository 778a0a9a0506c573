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

/** One event loop with its UDP port and its core. Safe to call from any thread. */
public final class MediaLoop<C extends MediaCore> {
    private final int index;
    private final EventLoop eventLoop;
    private final Channel channel;
    private final MediaSocketHandler<C> handler;
    private final LoopPulse pulse;
    private final MeteredIoHandler meter;
    private final MediaNetStatistics statistics;
    private final InetSocketAddress localAddress;
    private final KernelReceiveDrops kernelReceiveDrops = new KernelReceiveDrops();

    MediaLoop(
            int index,
            Channel channel,
            MediaSocketHandler<C> handler,
            LoopPulse pulse,
            MeteredIoHandler meter,
            MediaNetStatistics statistics) {
        this.index = index;
        this.eventLoop = channel.eventLoop();
        this.channel = channel;
        this.handler = handler;
        this.pulse = pulse;
        this.meter = meter;
        this.statistics = statistics;
        this.localAddress = (InetSocketAddress) channel.localAddress();
    }

    public int index() {
        return index;
    }

    /** Returns the bound address. The address that clients are told has its own setting. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** Runs the task on the loop, then drains the core. A task that comes after the close is not run. */
    public void execute(Consumer<? super C> task) {
        try {
            eventLoop.execute(() -> handler.onTask(task));
        } catch (RejectedExecutionException e) {
            return; // The socket is closed: there is no core to act on.
        }
    }

    /**
     * Runs the task on the loop, drains the core, then completes the stage on the loop with the task's answer or
     * exception. After the close the stage fails with {@link RejectedExecutionException}.
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
     * Returns the sum of the loop's ticks, tasks and read batches. On an idle loop the sum rises every 50 ms. On a loop
     * with a long queue the tick waits behind the tasks, but the tasks also show that the loop does not hang.
     */
    public long turns() {
        return pulse.ticks() + statistics.tasks() + statistics.readBatches();
    }

    /** Returns the time that the loop has waited for work since its start. A wait under way counts when it ends. */
    public long waitedNanos() {
        return meter.waitedNanos();
    }

    /** The lag of the last tick. */
    public long lagNanos() {
        return pulse.lagNanos();
    }

    /** The longest lag of the last 15 to 30 s; reading does not change it. */
    public long lagNanosMax() {
        return pulse.lagNanosMax();
    }

    /**
     * Returns the number of datagrams that the kernel dropped before we read them, or -1 where the kernel does not
     * tell. Reads files.
     *
     * @throws IllegalStateException if the caller runs on the loop, which must not wait for files
     */
    public long kernelReceiveDrops() {
        if (eventLoop.inEventLoop()) {
            throw new IllegalStateException("files are not read on a media loop");
        }
        return kernelReceiveDrops.ofPort(localAddress.getPort());
    }

    Channel channel() {
        return channel;
    }
}
