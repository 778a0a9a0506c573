package org.rotunda.room.nodewatch;

/**
 * The state of the timer of {@link NodeWatch} for the next deadline of its {@link WatchBoard}. The timer is only set
 * for a deadline that comes before the next tick, because each tick looks at all deadlines. A deadline therefore may
 * stay the same for a few ticks before it needs the timer.
 */
final class DeadlineTimer {
    private final long beatNanos;
    private long setNanos = Long.MAX_VALUE; // The deadline for which the timer is set.

    /** The change that the timer needs. */
    enum Change {
        NONE,
        SET,
        CANCEL
    }

    DeadlineTimer(long beatNanos) {
        this.beatNanos = beatNanos;
    }

    /**
     * Returns the change that the timer needs after the deadline may have changed. After most beats nothing needs to
     * change, and the timer is not touched.
     *
     * @param deadlineNanos the next deadline, or {@link Long#MAX_VALUE} if there is none
     */
    Change follow(long deadlineNanos, long nowNanos) {
        boolean isNear = deadlineNanos != Long.MAX_VALUE && deadlineNanos - nowNanos < beatNanos;
        if (isNear) {
            boolean isSet = setNanos == deadlineNanos;
            setNanos = deadlineNanos;
            return isSet ? Change.NONE : Change.SET;
        }
        boolean wasSet = setNanos != Long.MAX_VALUE;
        setNanos = Long.MAX_VALUE;
        return wasSet ? Change.CANCEL : Change.NONE;
    }

    /** Notes that the timer has fired, so that it is set again if the deadline stays. */
    void onFired() {
        setNanos = Long.MAX_VALUE;
    }
}
