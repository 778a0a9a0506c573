package org.rotunda.media.time;

/** Deadlines of sans-IO machines, in monotonic nanoseconds of the loop. {@code nextDeadlineNanos()} returns them. */
public final class Deadline {
    /** The value for "nothing is due". It is later than every deadline. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private Deadline() {}

    /** Returns the earlier of two deadlines; either may be {@link #NO_DEADLINE}. */
    public static long min(long first, long second) {
        return Math.min(first, second);
    }

    /**
     * Returns the first multiple of a step that is not before a deadline. Deadlines that need not be exact come together
     * then, and cost one wake-up of the loop instead of one each.
     */
    public static long onGrid(long deadlineNanos, long stepNanos) {
        if (deadlineNanos > NO_DEADLINE - stepNanos) {
            return deadlineNanos;
        }
        return deadlineNanos + Math.floorMod(-deadlineNanos, stepNanos);
    }

    /** Returns the earliest of three deadlines. */
    public static long min(long first, long second, long third) {
        return Math.min(first, Math.min(second, third));
    }

    /** Returns the earliest of five deadlines. */
    public static long min(long first, long second, long third, long fourth, long fifth) {
        return Math.min(min(first, second, third), Math.min(fourth, fifth));
    }
}
