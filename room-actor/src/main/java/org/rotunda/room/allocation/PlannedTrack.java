package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One track in a {@link SubscriberPlan}: what it has now, since when, and what it waits for. */
final class PlannedTrack {
    /** The time that the bandwidth for an upgrade must have been there. It doubles when an upgrade was too early. */
    static final long UPGRADE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    static final long UPGRADE_WAIT_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** An upgrade was too early if bandwidth forces a downgrade within this time. */
    static final long FLAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** After this time without a downgrade the wait for upgrades halves. */
    static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** The least time between two changes of a track to a higher resolution. Each costs a key frame. */
    static final long SPATIAL_DWELL_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** The time that the bandwidth for a track that was switched off must have been there. It doubles with each off. */
    static final long RETURN_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final long RETURN_WAIT_MAX_NANOS = TimeUnit.SECONDS.toNanos(40);

    /** A track that has been on for this long after a return begins with the shortest wait again. */
    static final long RETURN_CALM_NANOS = TimeUnit.SECONDS.toNanos(60);

    TrackInput input;

    /** The index of the present layer in the ladder, or {@link Engine#OFF} or {@link Engine#SILENT}. */
    int point = Engine.OFF;

    /** The present or last layer; null before the first one. */
    @Nullable
    LadderPoint layer;

    /** The reason why the track is off; without meaning while it is on. */
    Reason off = Reason.CONGESTION_OFF;

    /** True until the first decision about the track. */
    boolean isNew = true;

    /** True if the track may come on at once, because it is new, or the client or a free place allows it again. */
    boolean isCandidate;

    /** True if the track has waited long enough after it was switched off because of congestion. */
    boolean isReturning;

    /** True if the track is off and takes the place of a less important track. */
    boolean isTaking;

    /** True if the client has switched the track off after congestion had. */
    boolean isHidden;

    /** True if the client believes that the track is off. */
    boolean isAnnouncedOff;

    /** True if the publisher has stopped the layer that the track had, and no better one has been sent since. */
    boolean hasLostLayer;

    long onSinceNanos = NO_DEADLINE;
    long changedNanos = NO_DEADLINE;
    long spatialUpNanos = NO_DEADLINE;
    long headroomSinceNanos = NO_DEADLINE;
    long challengeSinceNanos = NO_DEADLINE;
    long challengeReadyNanos = NO_DEADLINE;
    long announceOnSinceNanos = NO_DEADLINE;

    private long upgradedNanos = NO_DEADLINE;
    private long upgradeWaitNanos = UPGRADE_WAIT_NANOS;
    private long calmSinceNanos = NO_DEADLINE;
    private long returnWaitNanos = RETURN_WAIT_NANOS;
    private long returnedNanos = NO_DEADLINE;
    private final ArrayDeque<LayerChange> changes = new ArrayDeque<>();

    PlannedTrack(TrackInput input) {
        this.input = input;
    }

    boolean isOn() {
        return point != Engine.OFF;
    }

    /** Returns whether the track is off because of congestion and the client would show it. */
    boolean isWaiting() {
        return point == Engine.OFF && off == Reason.CONGESTION_OFF && !isNew;
    }

    /** Returns what the track costs now. */
    int costBps() {
        return point < 0 ? 0 : input.ladder().bps(point);
    }

    /** Returns what the track costs in its lowest layer. */
    int leastBps() {
        return input.ladder().size() == 0 ? 0 : input.ladder().bps(0);
    }

    /** Returns the rate of a point. */
    int bps(int at) {
        return at < 0 ? 0 : input.ladder().bps(at);
    }

    /** Returns the time that the bandwidth for an upgrade must have been there. */
    long upgradeWaitNanos(long nowNanos) {
        while (upgradeWaitNanos > UPGRADE_WAIT_NANOS && nowNanos - calmSinceNanos >= CALM_NANOS) {
            upgradeWaitNanos = Math.max(UPGRADE_WAIT_NANOS, upgradeWaitNanos / 2);
            calmSinceNanos += CALM_NANOS;
        }
        return upgradeWaitNanos;
    }

    /** Returns the time that the bandwidth for a return must have been there. */
    long returnWaitNanos() {
        return returnWaitNanos;
    }

    /** Notes that the track was upgraded. */
    void onUpgrade(long nowNanos) {
        upgradedNanos = nowNanos;
        hasLostLayer = false;
    }

    /** Notes that bandwidth has forced a downgrade, and makes the next upgrade wait longer if the last was too early. */
    void onForcedDowngrade(long nowNanos) {
        upgradeWaitNanos(nowNanos);
        if (upgradedNanos != NO_DEADLINE && nowNanos - upgradedNanos < FLAP_NANOS) {
            upgradeWaitNanos = Math.min(2 * upgradeWaitNanos, UPGRADE_WAIT_MAX_NANOS);
        }
        calmSinceNanos = nowNanos;
    }

    /** Notes that the track was switched off because of congestion, and sets the wait for its return. */
    void onCongestionOff(long nowNanos) {
        boolean calm = returnedNanos == NO_DEADLINE || nowNanos - returnedNanos >= RETURN_CALM_NANOS;
        returnWaitNanos = calm ? RETURN_WAIT_NANOS : Math.min(2 * returnWaitNanos, RETURN_WAIT_MAX_NANOS);
        headroomSinceNanos = NO_DEADLINE;
        hasLostLayer = false;
    }

    /** Notes that the track came on again after congestion. */
    void onReturn(long nowNanos) {
        returnedNanos = nowNanos;
    }

    void remember(LayerChange change) {
        if (changes.size() == SubscriberPlan.CHANGES_MAX) {
            changes.removeLast();
        }
        changes.addFirst(change);
    }

    /** Returns the last changes, the newest first. */
    List<LayerChange> changes() {
        return List.copyOf(changes);
    }
}
