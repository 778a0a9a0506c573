package org.rotunda.room.allocation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;

/** The allocation as a pure function: the same inputs always give the same layers. */
public final class Allocator {
    private Allocator() {}

    /**
     * Returns the layers of a subscriber's tracks, without regard to what they had before.
     *
     * @param congestionConfirmed true if loss or delay has shown congestion, which counts in the switch-off mode
     *     {@link SwitchOffMode#DETECTED}
     */
    public static Allocation allocate(
            BandwidthProfile profile, List<TrackInput> tracks, SubscriberInput input, boolean congestionConfirmed) {
        Engine engine = new Engine();
        engine.begin(profile);
        for (TrackInput track : tracks) {
            engine.add(track, false);
        }
        engine.rank();
        long budget = engine.budget(input.availableBps(), input.capBps());
        engine.allocate(budget, neverOff(profile.switchOffMode(), congestionConfirmed), false);
        long sum = engine.sumBps();
        List<Allocation.Share> shares = new ArrayList<>();
        for (int rank = 0; rank < tracks.size(); rank++) {
            int index = engine.atRank(rank);
            Ladder ladder = tracks.get(index).ladder();
            int point = engine.point(index);
            int top = engine.top(index);
            @Nullable LadderPoint layer = point < 0 ? null : ladder.point(point);
            shares.add(new Allocation.Share(
                    tracks.get(index).track(),
                    layer,
                    new Explanation(
                            reason(engine, index, tracks.get(index), sum > budget),
                            layer,
                            top < 0 ? null : ladder.point(top),
                            nextOf(ladder, point, top),
                            budget,
                            sum,
                            0)));
        }
        return new Allocation(shares, sum, budget);
    }

    /** Returns whether every track keeps at least its lowest layer. */
    static boolean neverOff(SwitchOffMode mode, boolean congestionConfirmed) {
        return switch (mode) {
            case PREDICTED -> false;
            case DETECTED -> !congestionConfirmed;
            case DISABLED -> true;
        };
    }

    /** Returns the step after this point; null if the tile cannot use a better one. */
    static @Nullable LadderPoint nextOf(Ladder ladder, int point, int top) {
        int next = point == Engine.OFF ? 0 : point + 1;
        return point == Engine.SILENT || next > top ? null : ladder.point(next);
    }

    private static Reason reason(Engine engine, int index, TrackInput track, boolean isOverBudget) {
        int point = engine.point(index);
        if (!track.clientEnabled()) {
            return Reason.CLIENT_OFF;
        }
        if (engine.isOutside(index)) {
            return Reason.MAX_TRACKS;
        }
        if (point == Engine.OFF) {
            return Reason.CONGESTION_OFF;
        }
        if (point == Engine.SILENT) {
            return Reason.SOURCE_SILENT;
        }
        if (point == engine.top(index)) {
            return Reason.AS_DESIRED;
        }
        if (point == 0 && isOverBudget) {
            // Without a track that must stay on, only the grace of the most important one exceeds the budget.
            return index == engine.first() ? Reason.GRACE : Reason.NEVER_OFF;
        }
        return Reason.BUDGET;
    }
}
