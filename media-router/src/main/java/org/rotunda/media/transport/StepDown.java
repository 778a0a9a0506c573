package org.rotunda.media.transport;

/**
 * Decides which tracks to one client the router reduces on its own, because the network collapsed and the room cannot
 * answer in time. It acts only when much more is forwarded than the estimate allows and packets already wait in a queue
 * of the network. The tracks of the last ranks are reduced first: all of them to lower layers, and only then some of
 * them to nothing. The most important track is never stopped. Audio is never touched.
 *
 * <p>A track stays reduced until the room sends a new desired state, because only the room weighs what the client
 * should get. If the room has no reason to change anything, because the collapse was short, the router itself ends the
 * reduction after {@link #CALM_NANOS} without a queue. Sans-IO; allocates nothing; owned by one event loop.
 */
final class StepDown {
    /** The ratio of the forwarded bit rate to the estimate above which the router acts. */
    static final double EXCESS_RATIO = 1.2;

    /** The queueing delay above which the router acts. A shorter queue leaves the room enough time. */
    static final int QUEUE_MILLIS_MIN = 100;

    /** The time for which the excess must last. The burst of a key frame is over earlier. */
    static final long PERSIST_NANOS = 200_000_000L;

    /** The time between two rounds. The measured bit rates show the effect of a round only then. */
    static final long ROUND_NANOS = 600_000_000L;

    /** The time without a queue after which the router ends a reduction that the room has not answered. */
    static final long CALM_NANOS = 5_000_000_000L;

    /** The queueing delay below which the network is calm. */
    static final int CALM_QUEUE_MILLIS = 50;

    /** The share of a track's bit rate that remains at its lowest layers. */
    static final double LOWEST_SHARE = 0.4;

    /** The levels of a track. A higher level sends less. */
    enum Level {
        /** The track is sent as the room desires. */
        AS_DESIRED,
        /** Only the lowest spatial and temporal layers are sent. */
        LOWEST,
        /** Nothing is sent. */
        STOPPED
    }

    /** The tracks to one client, in the order of their ranks, most important first. */
    interface Tracks {
        int count();

        Level level(int track);

        /** Returns the bit rate that is forwarded now. */
        long sentBps(int track);

        void reduce(int track, Level level);
    }

    private static final long NEVER = Long.MIN_VALUE;

    private long roundNanos = Long.MIN_VALUE / 2;
    private long excessSinceNanos = NEVER;
    private long calmSinceNanos = NEVER;
    private boolean reduced; // True from a reduction to its end.

    /**
     * Reduces tracks if necessary. Called whenever the estimate may have changed.
     *
     * @param audioBps the bit rate of forwarded audio
     * @return whether a track was reduced
     */
    boolean onEstimate(long estimateBps, int queueMillis, long audioBps, Tracks tracks, long nowNanos) {
        if (queueMillis >= CALM_QUEUE_MILLIS) {
            calmSinceNanos = NEVER;
        } else if (calmSinceNanos == NEVER) {
            calmSinceNanos = nowNanos;
        }
        if (queueMillis < QUEUE_MILLIS_MIN) {
            excessSinceNanos = NEVER;
            return false;
        }
        if (nowNanos - roundNanos < ROUND_NANOS) {
            return false;
        }
        double sum = audioBps;
        for (int i = 0; i < tracks.count(); i++) {
            sum += tracks.sentBps(i);
        }
        if (sum <= EXCESS_RATIO * estimateBps) {
            excessSinceNanos = NEVER;
            return false;
        }
        if (excessSinceNanos == NEVER) {
            excessSinceNanos = nowNanos;
        }
        if (nowNanos - excessSinceNanos < PERSIST_NANOS) {
            return false;
        }
        double excess = sum - estimateBps;
        boolean changed = false;
        for (int i = tracks.count() - 1; i >= 0 && excess > 0; i--) {
            if (tracks.level(i) == Level.AS_DESIRED) {
                excess -= (1 - LOWEST_SHARE) * tracks.sentBps(i);
                tracks.reduce(i, Level.LOWEST);
                changed = true;
            }
        }
        for (int i = tracks.count() - 1; i > 0 && excess > 0; i--) {
            if (tracks.level(i) != Level.STOPPED) {
                excess -= LOWEST_SHARE * tracks.sentBps(i);
                tracks.reduce(i, Level.STOPPED);
                changed = true;
            }
        }
        if (changed) {
            roundNanos = nowNanos;
            reduced = true;
        }
        return changed;
    }

    /** Returns whether the router should end the reduction. The answer is true at most once for each reduction. */
    boolean takeEnd(long nowNanos) {
        boolean isOver = reduced && calmSinceNanos != NEVER && nowNanos - calmSinceNanos >= CALM_NANOS;
        reduced &= !isOver;
        return isOver;
    }

    /** Notes that the room has ended the reduction. */
    void onReleased() {
        reduced = false;
    }
}
