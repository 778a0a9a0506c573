package org.rotunda.node;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The limit to how often a node that its cluster counted as lost starts again in its own process. Such a start is
 * seconds faster than a new process, and no supervisor delays it; a node that is lost again and again has a fault that
 * a new process may not have. Not thread-safe.
 */
final class Restarts {
    /** The most starts within {@link #WITHIN}. */
    static final int MAX = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);

    private final ArrayDeque<Long> nanos = new ArrayDeque<>();

    /** Returns whether one more start is allowed now, and counts it if so. */
    boolean take(long nowNanos) {
        while (!nanos.isEmpty() && nowNanos - nanos.element() > WITHIN.toNanos()) {
            nanos.remove();
        }
        if (nanos.size() == MAX) {
            return false;
        }
        nanos.add(nowNanos);
        return true;
    }
}
