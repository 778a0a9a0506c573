package org.rotunda.record.take;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Decides when a take asks for a key frame: when frames are dropped until one comes, at once and then each second, and
 * when none has come for long. The media node merges these with all other requests for the source. Measures how long
 * frames were dropped.
 */
final class KeyFrameWait {
    /** The time after which an unanswered request is repeated. */
    static final long REPEAT_NANOS = 1_000_000_000L;

    private final long intervalNanos;
    private boolean waits;
    private long sinceNanos;
    private long askNanos = NO_DEADLINE;
    private long waitedNanos;
    private long longestNanos;

    /** Begins for a track; {@code intervalNanos} is 0 if key frames are asked for only when they are needed. */
    KeyFrameWait(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    void onNeeded(long nowNanos) {
        if (!waits) {
            waits = true;
            sinceNanos = nowNanos;
            askNanos = nowNanos;
        }
    }

    void onKeyFrame(long nowNanos) {
        if (waits) {
            waits = false;
            waitedNanos += nowNanos - sinceNanos;
            longestNanos = Math.max(longestNanos, nowNanos - sinceNanos);
        }
        askNanos = intervalNanos == 0 ? NO_DEADLINE : nowNanos + intervalNanos;
    }

    /** Returns whether a key frame must be asked for now. */
    boolean isDue(long nowNanos) {
        if (nowNanos < askNanos) {
            return false;
        }
        askNanos = nowNanos + REPEAT_NANOS;
        return true;
    }

    void stop() {
        askNanos = NO_DEADLINE;
    }

    long waitedNanos() {
        return waitedNanos;
    }

    long longestNanos() {
        return longestNanos;
    }

    long nextDeadlineNanos() {
        return askNanos;
    }
}
