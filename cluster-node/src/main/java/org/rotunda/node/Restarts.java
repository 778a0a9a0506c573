package org.rotunda.node;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The limit on how often a node that its cluster counted as lost may start again in its own process. Such a start is
 * seconds faster than a new process, and no supervisor delays it. But if a node is lost again and again it has a fault
 * that a new process may not have. Not thread-safe.
 */
final class Restarts {
    /** The greatest number of starts within {@link #WITHIN}. */
    static final int MAX = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);

    private final ArrayDeque<Long> nanos = new ArrayDeque<>();

    /** Returns whether another start is allowed now. An allowed start is counted. */
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
