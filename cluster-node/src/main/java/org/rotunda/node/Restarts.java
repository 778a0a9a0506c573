package org.rotunda.node;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How often a node that the others took for lost may start again in its own process. That is seconds faster than a new process, and no
 * supervisor makes it wait; a node that is lost again and again has a fault a new process may not have. Not thread-safe.
 */
final class Restarts {
    /** So many within {@link #WITHIN}. */
    static final int MAX = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);

    private final ArrayDeque<Long> nanos = new ArrayDeque<>();

    /** Whether there may be one more now, which then counts. */
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
