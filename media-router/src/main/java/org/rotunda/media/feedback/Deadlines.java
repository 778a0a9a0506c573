package org.rotunda.media.feedback;

/** What all machines of this package answer to {@code nextDeadlineNanos()} when nothing is due. */
final class Deadlines {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private Deadlines() {}
}
