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

    /** Returns the lowest estimate for the next step of the most important track that the estimate keeps back. */
    private static long next(
            Engine engine, List<PlannedTrack> tracks, SubscriberInput input, long sumBps, long minimumOn, long cap) {
        long minimum = minimumOn;
        for (int rank = 0; rank < tracks.size(); rank++) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            long enough = 0;
            long step = 0;
            if (track.isWaiting() && track.input.clientEnabled()) {
                step = track.leastBps();
                minimum += step;
                enough = minimum <= cap ? (minimum * Returns.MARGIN_PERCENT + 99) / 100 : 0;
            } else if (track.point >= 0 && track.point < engine.top(i)) {
                step = (long) track.bps(track.point + 1) - track.costBps();
                enough = sumBps + step <= cap ? withMargin(sumBps + step) : 0;
            }
            if (enough > 0) {
                long target = Math.max(enough, sumBps + step * PROBE_TENTHS / 10) + input.reserveBps();
                if (target > input.estimateBps()) {
                    return target;
                }
            }
        }
        return 0;
    }

    private static long withMargin(long bps) {
        return (bps * Upgrades.MARGIN_TENTHS + 9) / 10;
    }
}
