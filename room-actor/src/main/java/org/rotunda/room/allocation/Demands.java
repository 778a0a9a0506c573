package org.rotunda.room.allocation;

import java.util.List;

/** Computes the {@link Demand} of a subscriber. */
final class Demands {
    /** A probe for an upgrade aims at 12 tenths of the next step. */
    static final int PROBE_TENTHS = 12;

    private Demands() {}

    static Demand of(Engine engine, List<PlannedTrack> tracks, SubscriberInput input, long sumBps) {
        long desired = 0;
        long minimum = 0;
        long minimumOn = 0;
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            if (track.input.clientEnabled() && !engine.isOutside(i)) {
                desired += track.bps(engine.top(i));
                minimum += track.leastBps();
                minimumOn += track.isOn() ? track.leastBps() : 0;
            }
        }
        if (desired == 0) {
            return Demand.NONE;
        }
        long cap = engine.cap(input.capBps());
        long reserve = input.reserveBps();
        desired = Math.min(desired, cap);
        return new Demand(
                desired + reserve,
                Math.min(minimum, cap) + reserve,
                next(engine, tracks, input, sumBps, minimumOn, cap),
                withMargin(desired) + reserve);
    }

    /**
     * Returns the lowest estimate for what the estimate keeps back: the present layers if they cost more and are
     * tolerated for now, else the next step that the {@link Engine} takes first, of the highest class that has one.
     */
    private static long next(
            Engine engine, List<PlannedTrack> tracks, SubscriberInput input, long sumBps, long minimumOn, long cap) {
        long present = sumBps + input.reserveBps();
        if (present > input.estimateBps() && sumBps <= cap) {
            return present;
        }
        long minimum = minimumOn;
        int best = -1;
        long next = 0;
        for (int rank = 0; rank < tracks.size(); rank++) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            if (best >= 0 && engine.classOf(i) != engine.classOf(best)) {
                break;
            }
            if (track.isWaiting() && track.input.clientEnabled()) {
                long step = track.leastBps();
                minimum += step;
                long enough = minimum <= cap ? (minimum * Returns.MARGIN_PERCENT + 99) / 100 : 0;
                long target = target(enough, sumBps + step * PROBE_TENTHS / 10, input);
                if (target > 0) {
                    return best < 0 ? target : Math.min(next, target);
                }
            } else if (track.point >= 0
                    && track.point < engine.top(i)
                    && (best < 0 || engine.isCheaper(i, track.point + 1, best, tracks.get(best).point + 1))) {
                long step = (long) track.bps(track.point + 1) - track.costBps();
                long enough = sumBps + step <= cap ? withMargin(sumBps + step) : 0;
                long target = target(enough, sumBps + step * PROBE_TENTHS / 10, input);
                if (target > 0) {
                    best = i;
                    next = target;
                }
            }
        }
        return next;
    }

    /** Returns the estimate that a step needs, or 0 if it does not fit into the cap or has what it needs. */
    private static long target(long enough, long probe, SubscriberInput input) {
        long target = Math.max(enough, probe) + input.reserveBps();
        return enough > 0 && target > input.estimateBps() ? target : 0;
    }

    private static long withMargin(long bps) {
        return (bps * Upgrades.MARGIN_TENTHS + 9) / 10;
    }
}
