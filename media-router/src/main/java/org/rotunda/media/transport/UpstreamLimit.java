package org.rotunda.media.transport;

import org.rotunda.media.time.Deadline;

/**
 * Decides when to tell a publisher the limit of its total bit rate (REMB, draft-alvestrand-rmcat-remb-03). A lower
 * limit is told at once, and a higher limit at most once a second. Each limit is told several times, because RTCP may
 * be lost and nobody acknowledges a REMB. Sans-IO; owned by one event loop.
 */
final class UpstreamLimit {
    /** The shortest time between two messages, except when the limit falls. */
    static final long INTERVAL_NANOS = 1_000_000_000L;

    /** The number of messages about a new limit that follow one another in {@link #INTERVAL_NANOS}. */
    static final int REPEATS = 3;

    /** The time between the later messages about a limit that stays in force. */
    static final long REFRESH_NANOS = 5_000_000_000L;

    /** The bit rate that is told to a publisher without a limit. No browser sends more. */
    static final long UNLIMITED_BPS = 100_000_000L;

    private long limitBps = UNLIMITED_BPS;
    private int repeatsLeft;
    private long toldNanos = Long.MIN_VALUE / 2;
    private long dueNanos = Deadline.NO_DEADLINE;

    /** Sets the limit; 0 means no limit. */
    void set(long bps, long nowNanos) {
        long next = bps == 0 ? UNLIMITED_BPS : bps;
        if (next == limitBps) {
            return;
        }
        dueNanos = next < limitBps ? nowNanos : Math.max(nowNanos, toldNanos + INTERVAL_NANOS);
        limitBps = next;
        repeatsLeft = REPEATS;
    }

    boolean isDue(long nowNanos) {
        return nowNanos >= dueNanos;
    }

    /** Returns the bit rate to tell now, and sets the time of the next message. */
    long take(long nowNanos) {
        toldNanos = nowNanos;
        repeatsLeft--;
        if (repeatsLeft > 0) {
            dueNanos = nowNanos + INTERVAL_NANOS;
        } else {
            dueNanos = limitBps == UNLIMITED_BPS ? Deadline.NO_DEADLINE : nowNanos + REFRESH_NANOS;
        }
        return limitBps;
    }

    long nextDeadlineNanos() {
        return dueNanos;
    }
}
