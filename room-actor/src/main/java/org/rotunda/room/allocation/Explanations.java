package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds the {@link Explanation} of a track in a {@link SubscriberPlan}. Called only when somebody asks. */
final class Explanations {
    private Explanations() {}

    static Explanation of(
            Engine engine,
            List<PlannedTrack> tracks,
            int index,
            Upgrades upgrades,
            SubscriberInput input,
            long budgetBps,
            long sumBps,
            long waitingBps,
            boolean neverOff,
            boolean isSteppedDown,
            long nowNanos) {
        PlannedTrack track = tracks.get(index);
        int top = engine.top(index);
        Reason reason;
        long readyNanos = NO_DEADLINE;
        if (!track.isOn()) {
            reason = track.off;
            if (reason == Reason.CONGESTION_OFF && track.headroomSinceNanos != NO_DEADLINE) {
                reason = Reason.CONGESTION_OFF_WAIT;
                readyNanos = track.headroomSinceNanos + track.returnWaitNanos();
            }
        } else if (track.point == Engine.SILENT) {
            reason = Reason.SOURCE_SILENT;
        } else if (isSteppedDown) {
            reason = Reason.STEPPED_DOWN;
        } else if (track.point == top) {
            reason = track.hasLostLayer ? Reason.LAYER_INACTIVE : Reason.AS_DESIRED;
        } else if (track.point == 0 && sumBps > budgetBps && (neverOff || index == engine.first())) {
            reason = neverOff ? Reason.NEVER_OFF : Reason.GRACE;
        } else {
            long limit = Math.min(Upgrades.withoutMargin(input.availableBps()), engine.cap(input.capBps()));
            upgrades.share(engine, limit - waitingBps, nowNanos);
            int target = engine.point(index);
            if (target > track.point) {
                boolean dwells = Upgrades.dwellUntilNanos(track) > nowNanos
                        && track.input.ladder().point(target).spatial()
                                > track.input.ladder().point(track.point).spatial();
                reason = dwells ? Reason.DWELL : Reason.HEADROOM_WAIT;
                readyNanos = upgrades.readyNanos(track, target, sumBps - track.costBps() + track.bps(target), nowNanos);
            } else {
                reason = Reason.BUDGET;
            }
        }
        return new Explanation(
                reason,
                track.isOn() && track.point != Engine.SILENT ? track.layer : null,
                top < 0 ? null : track.input.ladder().point(top),
                Allocator.nextOf(track.input.ladder(), track.point, top),
                budgetBps,
                sumBps,
                readyNanos == NO_DEADLINE ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(readyNanos - nowNanos)));
    }
}
