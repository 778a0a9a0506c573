package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.List;

/** Brings tracks back that congestion has switched off, when the bandwidth for them has been there for long enough. */
final class Returns {
    /** The bandwidth must exceed the lowest layers of all tracks by this factor, in per cent, before one returns. */
    static final int MARGIN_PERCENT = 115;

    private long waitingBps;

    /** Returns what the lowest layers of the tracks cost that wait for their return and fit. */
    long waitingBps() {
        return waitingBps;
    }

    /**
     * Watches the bandwidth for tracks that congestion has switched off, and releases those that may return. A track
     * never returns before a more important one.
     *
     * @return true if a track may come on
     */
    boolean find(
            Engine engine,
            List<PlannedTrack> tracks,
            SubscriberInput input,
            Announcements announcements,
            long nowNanos) {
        long needed = 0;
        for (PlannedTrack track : tracks) {
            needed += track.isOn() ? track.leastBps() : 0;
        }
        long available = input.availableBps();
        long cap = engine.cap(input.capBps());
        waitingBps = 0;
        for (int rank = 0; rank < tracks.size(); rank++) {
            PlannedTrack track = tracks.get(engine.atRank(rank));
            track.isReturning = false;
            if (!track.isWaiting() && !track.isHidden) {
                continue;
            }
            long sum = needed + track.leastBps();
            if (sum * MARGIN_PERCENT > available * 100 || sum > cap) {
                track.headroomSinceNanos = NO_DEADLINE;
            } else {
                if (track.headroomSinceNanos == NO_DEADLINE) {
                    track.headroomSinceNanos = nowNanos;
                }
                waitingBps += track.isHidden ? 0 : track.leastBps();
            }
            needed = track.isHidden ? needed : sum;
        }
        boolean forced = false;
        boolean isReturningBelow = false;
        for (int rank = tracks.size() - 1; rank >= 0; rank--) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            boolean isDue = track.headroomSinceNanos != NO_DEADLINE
                    && nowNanos - track.headroomSinceNanos >= track.returnWaitNanos();
            if (track.isHidden && isDue) {
                track.isHidden = false; // The client is told that it can show the tile again; media follows then.
                track.onReturn(nowNanos);
                announcements.on(track);
            } else if (track.isWaiting()
                    && (isDue
                            || (isReturningBelow
                                    && track.input.ladder().isScalable()
                                    && track.headroomSinceNanos != NO_DEADLINE))) {
                track.isReturning = true;
                isReturningBelow = true;
                engine.hold(i, false);
                waitingBps -= track.leastBps();
            }
            forced |= track.isReturning || track.isTaking || track.isCandidate;
        }
        return forced;
    }
}
