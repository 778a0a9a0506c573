package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Chooses the tracks that are upgraded now, and the tracks that give up bits for them. Keeps the recent past of the
 * bandwidth, because an upgrade needs bandwidth that has been there for some time.
 */
final class Upgrades {
    /** The bandwidth must exceed what the tracks cost after an upgrade: it must be 11 tenths of that. */
    static final int MARGIN_TENTHS = 11;

    /**
     * For so long after the first picture, upgrades wait only {@link #STARTING_WAIT_NANOS} if the bandwidth grows by
     * {@link #STARTING_GROWTH_PERCENT}. At the start the estimate is low because nothing was sent yet, and the probes
     * of the congestion control raise it in large steps. It ends early if bandwidth forces a downgrade.
     */
    static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final long STARTING_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    static final int STARTING_GROWTH_PERCENT = 125;

    private final boolean mayOff;
    private final History available = new History();
    private int[] chosen = new int[0]; // The new point of each track; the present one if it does not change.
    private long[] readyNanos = new long[0]; // When the track may be upgraded if the bandwidth stays.
    private long startedNanos = NO_DEADLINE;
    private long availableAtChange;

    /**
     * Creates the upgrades of a plan without tracks.
     *
     * @param mayOff true if tracks of a lower class are switched off where one of a higher class can use their bits
     */
    Upgrades(boolean mayOff) {
        this.mayOff = mayOff;
    }

    /** Takes what is available for video from now on. */
    void onAvailable(long bps, long nowNanos) {
        available.set(bps, nowNanos);
    }

    /** Notes that the first picture comes on. */
    void onStart(long nowNanos) {
        startedNanos = nowNanos;
    }

    /** Notes that bandwidth has forced a downgrade. */
    void onFall() {
        startedNanos = NO_DEADLINE;
    }

    /** Notes that a layer changes. */
    void onChange(long availableBps) {
        availableAtChange = availableBps;
    }

    private boolean isStarting(long nowNanos) {
        return startedNanos != NO_DEADLINE && nowNanos - startedNanos < STARTING_NANOS;
    }

    private boolean isFast(long nowNanos) {
        return isStarting(nowNanos)
                && available.lowest(STARTING_WAIT_NANOS, nowNanos) * 100 >= availableAtChange * STARTING_GROWTH_PERCENT;
    }

    /** Returns the budget for upgrades: the lowest bandwidth of the window without the margin, and at most the cap. */
    private long limit(long windowNanos, long capBps, long waitingBps, long nowNanos) {
        return Math.min(withoutMargin(available.lowest(windowNanos, nowNanos)), capBps) - waitingBps;
    }

    /** Returns the largest cost after an upgrade that this bandwidth allows. */
    static long withoutMargin(long bps) {
        return bps * 10 / MARGIN_TENTHS;
    }

    /**
     * Shares a budget as the upgrades do. In the first seconds nothing is switched off for an upgrade: the bandwidth
     * still grows, and may soon be enough for all.
     */
    void share(Engine engine, long budgetBps, long nowNanos) {
        engine.allocate(budgetBps, !mayOff || isStarting(nowNanos), false);
    }

    /**
     * Chooses the upgrades. The tracks that are off must be held in the engine.
     *
     * @param waitingBps what the lowest layers of the tracks cost that wait for their return and may come back
     * @return true if a track gets another point, which {@link #chosen} returns
     */
    boolean choose(Engine engine, List<PlannedTrack> tracks, long sumBps, long capBps, long waitingBps, long nowNanos) {
        int size = tracks.size();
        if (chosen.length < size) {
            chosen = Arrays.copyOf(chosen, 2 * size);
            readyNanos = Arrays.copyOf(readyNanos, 2 * size);
        }
        boolean fast = isFast(nowNanos);
        long window = fast ? STARTING_WAIT_NANOS : PlannedTrack.UPGRADE_WAIT_NANOS;
        share(engine, limit(window, capBps, waitingBps, nowNanos), nowNanos);
        boolean anyReady = false;
        for (int i = 0; i < size; i++) {
            PlannedTrack track = tracks.get(i);
            chosen[i] = track.point;
            readyNanos[i] = NO_DEADLINE;
            if (track.point >= 0 && engine.point(i) > track.point) {
                int reachable = reachable(track, engine.point(i), fast, nowNanos);
                readyNanos[i] = readyNanos(track, reachable, fast, nowNanos);
                if (readyNanos[i] <= nowNanos) {
                    chosen[i] = reachable;
                    anyReady = true;
                }
            }
        }
        return anyReady && keepWhatFits(engine, tracks, sumBps, fast, capBps, waitingBps, nowNanos);
    }

    /** Returns the best point up to the target that does not change the resolution again too soon. */
    private static int reachable(PlannedTrack track, int target, boolean fast, long nowNanos) {
        Ladder ladder = track.input.ladder();
        int reachable = target;
        if (!fast && dwellUntilNanos(track) > nowNanos) {
            while (reachable > track.point
                    && ladder.point(reachable).spatial()
                            > ladder.point(track.point).spatial()) {
                reachable--;
            }
        }
        return reachable;
    }

    private static long readyNanos(PlannedTrack track, int reachable, boolean fast, long nowNanos) {
        if (reachable == track.point) {
            return dwellUntilNanos(track);
        }
        return track.changedNanos + (fast ? STARTING_WAIT_NANOS : track.upgradeWaitNanos(nowNanos));
    }

    static long dwellUntilNanos(PlannedTrack track) {
        return track.spatialUpNanos == NO_DEADLINE
                ? Long.MIN_VALUE
                : track.spatialUpNanos + PlannedTrack.SPATIAL_DWELL_NANOS;
    }

    /** Takes back the upgrades that do not fit, in the order of rank, unless other tracks should give up bits. */
    private boolean keepWhatFits(
            Engine engine,
            List<PlannedTrack> tracks,
            long sumBps,
            boolean fast,
            long capBps,
            long waitingBps,
            long nowNanos) {
        boolean given = false;
        boolean mayGive = isFairer(engine, tracks);
        boolean anyKept = false;
        long sum = sumBps;
        for (int rank = 0; rank < tracks.size(); rank++) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            if (chosen[i] <= track.point) {
                continue;
            }
            long limit =
                    limit(fast ? STARTING_WAIT_NANOS : track.upgradeWaitNanos(nowNanos), capBps, waitingBps, nowNanos);
            long step = (long) track.bps(chosen[i]) - track.costBps();
            if (sum + step > limit && mayGive && !given) {
                given = true;
                sum -= give(engine, tracks, engine.classOf(i));
            }
            if (sum + step <= limit) {
                sum += step;
                anyKept = true;
            } else {
                chosen[i] = track.point;
            }
        }
        if (given && !anyKept) {
            for (int i = 0; i < tracks.size(); i++) {
                chosen[i] = tracks.get(i).point; // Nobody could use what was given.
            }
        }
        return anyKept;
    }

    /**
     * Lowers the tracks that have more than the allocation gives them, and returns how much that frees. Those of a class
     * below the receiving one may be switched off.
     */
    private long give(Engine engine, List<PlannedTrack> tracks, int receivingClass) {
        long freed = 0;
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            if (gives(engine, track, i) && (engine.point(i) != Engine.OFF || engine.classOf(i) > receivingClass)) {
                freed += track.costBps() - track.bps(engine.point(i));
                chosen[i] = engine.point(i);
            }
        }
        return freed;
    }

    /** Returns whether a track has more than the allocation gives it. */
    private static boolean gives(Engine engine, PlannedTrack track, int i) {
        return track.point >= 0 && engine.point(i) != Engine.SILENT && engine.point(i) < track.point;
    }

    /**
     * Returns whether it is worth it that some tracks give up bits for others: among the tracks of the highest class
     * that change, the one with the least for its weight must have more afterwards. So two equal tracks do not swap
     * their layers each time that the other speaker is louder.
     */
    private boolean isFairer(Engine engine, List<PlannedTrack> tracks) {
        int highest = Integer.MAX_VALUE;
        double before = 0;
        double after = 0;
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            boolean gives = gives(engine, track, i);
            if (!gives && chosen[i] <= track.point) {
                continue;
            }
            int number = engine.classOf(i);
            double mineBefore = (double) track.costBps() / engine.weight(i);
            double mineAfter = (double) track.bps(gives ? engine.point(i) : chosen[i]) / engine.weight(i);
            if (number < highest) {
                highest = number;
                before = mineBefore;
                after = mineAfter;
            } else if (number == highest) {
                before = Math.min(before, mineBefore);
                after = Math.min(after, mineAfter);
            }
        }
        return after > before;
    }

    /** Returns the new point of a track after {@link #choose}; {@link Engine#OFF} for one that is to be off. */
    int chosen(int track) {
        return chosen[track];
    }

    /** Returns when {@link #choose} may choose something else although no input comes. */
    long nextDeadlineNanos(List<PlannedTrack> tracks, long nowNanos) {
        long next = available.nextRiseNanos(PlannedTrack.UPGRADE_WAIT_NANOS, nowNanos);
        if (isStarting(nowNanos)) {
            next = Math.min(next, available.nextRiseNanos(STARTING_WAIT_NANOS, nowNanos));
            next = Math.min(next, startedNanos + STARTING_NANOS);
        }
        for (int i = 0; i < tracks.size(); i++) {
            if (readyNanos[i] != NO_DEADLINE) {
                if (readyNanos[i] > nowNanos) {
                    next = Math.min(next, readyNanos[i]);
                }
                long wait = tracks.get(i).upgradeWaitNanos(nowNanos);
                if (wait > PlannedTrack.UPGRADE_WAIT_NANOS) {
                    next = Math.min(next, available.nextRiseNanos(wait, nowNanos));
                }
            }
        }
        return next;
    }

    /** Returns when the track may be upgraded to a point if the bandwidth stays, or no deadline if it does not fit. */
    long readyNanos(PlannedTrack track, int target, long sumAfterBps, long nowNanos) {
        long bandwidth = available.reachesNanos(
                (sumAfterBps * MARGIN_TENTHS + 9) / 10, track.upgradeWaitNanos(nowNanos), nowNanos);
        boolean spatial = track.input.ladder().point(target).spatial()
                > track.input.ladder().point(track.point).spatial();
        long own = Math.max(
                track.changedNanos + track.upgradeWaitNanos(nowNanos),
                spatial ? dwellUntilNanos(track) : Long.MIN_VALUE);
        return bandwidth == NO_DEADLINE ? NO_DEADLINE : Math.max(bandwidth, own);
    }
}
