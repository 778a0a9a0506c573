package org.rotunda.node.turn;

import java.time.Duration;

/**
 * The pauses before a program that has ended is started again. Each pause is twice as long as the one before, up to a
 * limit. After a run that was long enough, the pauses begin anew. Not thread-safe.
 */
final class RestartPauses {
    private final Duration first;
    private final Duration longest;
    private final Duration steadyAfter;
    private Duration next;

    /** @param steadyAfter after a run of this length the next pause is the first one again */
    RestartPauses(Duration first, Duration longest, Duration steadyAfter) {
        this.first = first;
        this.longest = longest;
        this.steadyAfter = steadyAfter;
        this.next = first;
    }

    /** Returns the pause after a run. */
    Duration after(Duration run) {
        if (run.compareTo(steadyAfter) >= 0) {
            next = first;
        }
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return pause;
    }
}
