package org.rotunda.media.congestion;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.LongConsumer;

/** A link with a rate, a drop-tail queue of 300 ms, random loss, and a delay behind it. */
final class SimulatedBottleneck {
    static final double QUEUE_SECONDS = 0.3;

    private record Waiting(int bytes, long delayNanos, Runnable delivered, Runnable dropped, LongConsumer queued) {}

    private final VirtualTime time;
    private final Random random;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private double bps;
    private double loss;
    private long queuedBytes;
    private boolean busy;

    SimulatedBottleneck(VirtualTime time, double bps, long seed) {
        this.time = time;
        this.bps = bps;
        random = new Random(seed);
    }

    void setRate(double newBps) {
        bps = newBps;
    }

    void setLoss(double newLoss) {
        loss = newLoss;
    }

    double bps() {
        return bps;
    }

    /**
     * Takes a packet.
     *
     * @param queued is told the time that the packet spent in the queue
     */
    void send(int bytes, long delayNanos, Runnable delivered, Runnable dropped, LongConsumer queued) {
        if (random.nextDouble() < loss || (queuedBytes + bytes) * 8.0 > Math.max(bps * QUEUE_SECONDS, 12_000)) {
            dropped.run();
            return;
        }
        queuedBytes += bytes;
        long entered = time.now();
        queue.add(new Waiting(bytes, delayNanos, delivered, dropped, ignored -> queued.accept(time.now() - entered)));
        if (!busy) {
            serve();
        }
    }

    private void serve() {
        Waiting first = queue.peek();
        busy = first != null;
        if (first == null) {
            return;
        }
        first.queued.accept(0);
        time.after((long) (first.bytes * 8e9 / bps), () -> {
            queue.remove();
            queuedBytes -= first.bytes;
            time.after(first.delayNanos, first.delivered);
            serve();
        });
    }
}
