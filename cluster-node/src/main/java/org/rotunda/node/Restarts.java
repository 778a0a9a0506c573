package org.rotunda.node;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Limits how often a lost node may start again within its process. Such a start is seconds faster than a new process. A
 * node that is lost repeatedly may have a fault that only a new process cures. Not thread-safe.
 */
final class Restarts {
    /** The greatest number of further starts within {@link #WITHIN}. The first start of the process is not counted. */
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
