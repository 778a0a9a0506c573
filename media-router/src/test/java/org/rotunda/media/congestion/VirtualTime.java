package org.rotunda.media.congestion;

import java.util.PriorityQueue;

/** The clock and the agenda of a simulation. Tasks of the same time run in the order in which they were added. */
final class VirtualTime {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Task(long nanos, long order, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowNanos = SECOND; // Any start but 0, so that no machine relies on it.
    private final long originNanos = nowNanos;
    private long added;

    long now() {
        return nowNanos;
    }

    /** Returns the seconds since the simulation began. */
    double seconds() {
        return (nowNanos - originNanos) / 1e9;
    }

    void at(long nanos, Runnable action) {
        tasks.add(new Task(Math.max(nanos, nowNanos), added++, action));
    }

    void after(long nanos, Runnable action) {
        at(nowNanos + nanos, action);
    }

    void atSecond(double second, Runnable action) {
        at(originNanos + (long) (second * SECOND), action);
    }

    void runUntilSecond(double second) {
        long end = originNanos + (long) (second * SECOND);
        while (!tasks.isEmpty() && tasks.peek().nanos <= end) {
            Task task = tasks.remove();
            nowNanos = task.nanos;
            task.action.run();
        }
        nowNanos = end;
    }
}
