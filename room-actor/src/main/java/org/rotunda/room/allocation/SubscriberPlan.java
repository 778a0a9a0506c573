package org.rotunda.room.allocation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;
import org.rotunda.room.protocol.TrackSid;

/**
 * The layers that one subscriber's video tracks have now, and the changes over time: it holds the result of the
 * allocation against the present layers and lets only those changes through that are worth it. {@code
 * docs/allocation.md} explains the rules.
 *
 * <p>Sans-IO and owned by one thread, the conductor of the room. After each input the owner takes {@link
 * #takeSwitchOffs}, sends the layers to the router if {@link #takeChanged} says so, and schedules {@link #onTimeout} at
 * {@link #nextDeadlineNanos}.
 */
public final class SubscriberPlan {
    /** The deadline of a plan that waits for nothing. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The number of changes that are remembered of each track. */
    public static final int CHANGES_MAX = 10;

    /** The tracks may cost more than the bandwidth by this part, in per cent, while the queue is short. */
    static final int EXCESS_PERCENT = 12;

    /** The time for which the excess is tolerated. */
    static final long EXCESS_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A queue from this length on forbids any excess. */
    static final int EXCESS_QUEUE_MILLIS = 80;

    /** The time for which the most important track stays on however low the bandwidth is. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** In the switch-off mode {@code DETECTED}, the time between two tracks that are switched off. */
    static final long DETECTED_OFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BandwidthProfile profile;
    private final Engine engine = new Engine();
    private final Congestion congestion = new Congestion();
    private final Upgrades upgrades;
    private final Returns returns = new Returns();
    private final Announcements announcements = new Announcements();
    private final Map<TrackSid, PlannedTrack> bySid = new HashMap<>();
    private final List<PlannedTrack> tracks = new ArrayList<>();
    private final Set<String> steppedDown = new HashSet<>();
    private @Nullable SubscriberInput input;
    private @Nullable TrackSid mostImportant;
    private boolean isChanged;
    private long budgetBps;
    private long excessSinceNanos = NO_DEADLINE;
    private long graceSinceNanos = NO_DEADLINE;
    private long lastDetectedOffNanos = NO_DEADLINE;
    private boolean isDetectedOffDue; // Another track waits for its turn to be switched off.
    private long deadlineNanos = NO_DEADLINE;
    private long upgradeCount;
    private long downgradeCount;
    private long congestionOffCount;
    private long otherOffCount;

    /** Creates a plan without tracks. */
    public SubscriberPlan(BandwidthProfile profile) {
        this.profile = profile;
        upgrades =
                new Upgrades(profile.mode() == Mode.PRESENTATION && profile.switchOffMode() == SwitchOffMode.PREDICTED);
    }

    /** Takes the complete list of the video tracks that the subscriber receives, in any order. */
    public void onTracks(List<TrackInput> inputs, long nowNanos) {
        Set<TrackSid> present = new HashSet<>();
        tracks.clear();
        for (TrackInput track : inputs) {
            if (!present.add(track.track())) {
                throw new IllegalArgumentException("a track stands twice in the list: " + track.track());
            }
            PlannedTrack planned = bySid.get(track.track());
            if (planned == null) {
                planned = new PlannedTrack(track);
                bySid.put(track.track(), planned);
            } else {
                update(planned, track, nowNanos);
            }
            tracks.add(planned);
        }
        if (bySid.size() > tracks.size()) {
            bySid.keySet().removeIf(sid -> {
                boolean isGone = !present.contains(sid);
                if (isGone) {
                    announcements.forget(sid);
                    isChanged = true;
                }
                return isGone;
            });
        }
        decide(Cause.SOURCE, nowNanos);
    }

    /** Takes the new facts about a track, and finds its layer in the new ladder. */
    private void update(PlannedTrack planned, TrackInput track, long nowNanos) {
        Ladder before = planned.input.ladder();
        planned.input = track;
        LadderPoint layer = planned.layer;
        if (before.equals(track.ladder()) || !planned.isOn()) {
            return;
        }
        if (track.ladder().size() == 0 || layer == null) {
            planned.point = track.ladder().size() == 0 ? Engine.SILENT : 0;
            planned.layer = track.ladder().size() == 0 ? layer : track.ladder().point(0);
            return;
        }
        planned.point = track.ladder().indexOf(layer);
        LadderPoint found = track.ladder().point(planned.point);
        planned.layer = found;
        if (found.spatial() != layer.spatial() || found.temporal() != layer.temporal()) {
            planned.hasLostLayer = true;
            planned.changedNanos = nowNanos;
            record(planned, layer, Cause.SOURCE, nowNanos);
        }
    }

    /**
     * Takes a new report about the subscriber's downlink. Nothing is decided before the first one, so a new plan gets
     * one with the estimate that the congestion control starts with.
     */
    public void onConditions(SubscriberInput conditions, long nowNanos) {
        input = conditions;
        congestion.onReport(conditions.loss(), conditions.queueMillis(), nowNanos);
        upgrades.onAvailable(conditions.availableBps(), nowNanos);
        decide(Cause.BANDWIDTH_FELL, nowNanos);
    }

    /** Notes that the first packet of a track that was off has left the router. The track is announced as on then. */
    public void onFlowing(TrackSid track, long nowNanos) {
        PlannedTrack planned = bySid.get(track);
        if (planned != null && planned.announceOnSinceNanos != NO_DEADLINE) {
            announcements.on(planned);
        }
    }

    /** Takes the tracks that the router holds below their layers, for the explanations. */
    public void onSteppedDown(Collection<String> trackSids) {
        steppedDown.clear();
        steppedDown.addAll(trackSids);
    }

    /** Takes the steps that are due. Harmless if called early. */
    public void onTimeout(long nowNanos) {
        for (PlannedTrack track : tracks) {
            announcements.onTimeout(track, nowNanos);
        }
        congestion.onTimeout(nowNanos);
        decide(Cause.BANDWIDTH_FELL, nowNanos);
    }

    /** Returns when {@link #onTimeout} must be called next, or {@link #NO_DEADLINE}. */
    public long nextDeadlineNanos() {
        long next = deadlineNanos;
        for (PlannedTrack track : tracks) {
            next = Math.min(next, Announcements.deadlineNanos(track));
        }
        return next;
    }

    private void decide(Cause trigger, long nowNanos) {
        SubscriberInput now = input;
        if (now == null) {
            return;
        }
        obeyClient(nowNanos);
        rankTracks(nowNanos);
        budgetBps = engine.budget(now.availableBps(), now.capBps());
        boolean neverOff = Allocator.neverOff(profile.switchOffMode(), congestion.isConfirmed());
        obeyTiles(nowNanos);
        boolean forced = returns.find(engine, tracks, now, announcements, nowNanos);
        boolean grace = isInGrace(neverOff, nowNanos);
        boolean over = sumBps() > budgetBps && !isTolerated(now, nowNanos);
        if (over || forced) {
            engine.allocate(budgetBps, neverOff, grace);
            switchTracks(forced ? Cause.OUTRANKED : trigger, nowNanos);
            if (isDetectedOffDue) {
                holdTracksThatAreOff();
                engine.allocate(budgetBps, true, false); // The tracks that are still to be switched off cost something.
            }
            if (sumBps() > budgetBps) {
                lower(forced ? Cause.OUTRANKED : trigger, nowNanos);
            }
        }
        upgrade(now, nowNanos);
        finish(nowNanos);
    }

    /** Switches tracks off that the client does not show, and finds those that it shows again. */
    private void obeyClient(long nowNanos) {
        for (PlannedTrack track : tracks) {
            if (track.input.clientEnabled()) {
                if (track.isNew) {
                    track.isCandidate = true;
                } else if (!track.isOn() && track.off == Reason.CLIENT_OFF) {
                    // A track that the client hid because it was switched off goes on waiting for the bandwidth.
                    boolean waits = track.isHidden;
                    track.isHidden = false;
                    track.off = waits ? Reason.CONGESTION_OFF : Reason.CLIENT_OFF;
                    track.isCandidate = !waits;
                }
            } else if (track.isOn()) {
                switchOff(track, Reason.CLIENT_OFF, Cause.CLIENT_OFF, nowNanos);
            } else if (track.isNew || track.off != Reason.CLIENT_OFF) {
                track.isHidden = track.isWaiting();
                track.off = Reason.CLIENT_OFF;
                announcements.off(track);
            }
        }
    }

    private void rankTracks(long nowNanos) {
        boolean byArea = profile.mode() == Mode.PRESENTATION;
        engine.begin(profile);
        for (PlannedTrack track : tracks) {
            engine.add(track.input, track.isOn());
        }
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            if (track.isOn() || track.isCandidate || Challenges.isReady(engine, tracks, byArea, i, nowNanos)) {
                engine.prefer(i);
            }
        }
        engine.rank();
        boolean isOnBelow = false;
        for (int rank = tracks.size() - 1; rank >= 0; rank--) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            track.isTaking = false;
            if (engine.isOutside(i)) {
                leave(track, nowNanos);
            } else if (track.isOn()) {
                isOnBelow |= track.input.ladder().isScalable();
            } else if (track.isCandidate || track.off == Reason.MAX_TRACKS) {
                track.isCandidate = true;
                isOnBelow |= track.input.ladder().isScalable();
            } else if (track.isWaiting()) {
                track.isTaking = isOnBelow && track.input.ladder().isScalable();
                engine.hold(i, !track.isTaking);
            }
        }
    }

    /** Takes a track out because more important tracks fill the profile's largest number of tracks. */
    private void leave(PlannedTrack track, long nowNanos) {
        track.isCandidate = false;
        if (track.isOn()) {
            switchOff(track, Reason.MAX_TRACKS, Cause.OUTRANKED, nowNanos);
        } else if (track.off != Reason.MAX_TRACKS) {
            track.off = Reason.MAX_TRACKS;
            announcements.off(track);
        }
    }

    /** Lowers tracks that have more than their tile can use. */
    private void obeyTiles(long nowNanos) {
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            if (track.isOn() && engine.top(i) >= 0 && track.point > engine.top(i)) {
                move(track, engine.top(i), Cause.RENDER_SIZE, nowNanos);
            }
        }
    }

    private boolean isInGrace(boolean neverOff, long nowNanos) {
        int first = engine.first();
        if (neverOff || first < 0 || !tracks.get(first).isOn() || engine.isGraceful(budgetBps)) {
            graceSinceNanos = NO_DEADLINE;
            return false;
        }
        if (graceSinceNanos == NO_DEADLINE) {
            graceSinceNanos = nowNanos;
        }
        return nowNanos - graceSinceNanos < GRACE_NANOS;
    }

    /** Returns whether the tracks may cost more than the budget for the time being. */
    private boolean isTolerated(SubscriberInput now, long nowNanos) {
        if (now.queueMillis() >= EXCESS_QUEUE_MILLIS || sumBps() * 100 > budgetBps * (100 + EXCESS_PERCENT)) {
            return false;
        }
        if (excessSinceNanos == NO_DEADLINE) {
            excessSinceNanos = nowNanos;
        }
        return nowNanos - excessSinceNanos < EXCESS_NANOS;
    }

    /** Switches tracks off and on as the allocation says. */
    private void switchTracks(Cause cause, long nowNanos) {
        boolean oneByOne = profile.switchOffMode() == SwitchOffMode.DETECTED;
        isDetectedOffDue = false;
        for (int rank = tracks.size() - 1; rank >= 0; rank--) {
            int i = engine.atRank(rank);
            PlannedTrack track = tracks.get(i);
            int point = engine.point(i);
            if (track.isOn() && point == Engine.OFF) {
                if (!oneByOne || isDetectedOffAllowed(nowNanos)) {
                    switchOff(track, Reason.CONGESTION_OFF, oneByOne ? Cause.CONGESTION_DETECTED : cause, nowNanos);
                    lastDetectedOffNanos = nowNanos;
                } else {
                    isDetectedOffDue = true;
                }
            } else if (!track.isOn() && point != Engine.OFF) {
                switchOn(track, point, nowNanos);
            } else if (track.isCandidate && point == Engine.OFF) {
                stayOff(track, nowNanos);
            }
            track.isCandidate = false;
        }
    }

    private boolean isDetectedOffAllowed(long nowNanos) {
        return lastDetectedOffNanos == NO_DEADLINE || nowNanos - lastDetectedOffNanos >= DETECTED_OFF_NANOS;
    }

    /** Lowers the tracks that have more than the allocation gives them. */
    private void lower(Cause cause, long nowNanos) {
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            int point = Math.max(0, engine.point(i));
            if (track.point > point) {
                move(track, point, cause, nowNanos);
                if (cause == Cause.BANDWIDTH_FELL) {
                    track.onForcedDowngrade(nowNanos);
                    upgrades.onFall();
                }
            }
        }
    }

    private void upgrade(SubscriberInput now, long nowNanos) {
        boolean isAnyBelow = false;
        holdTracksThatAreOff();
        for (int i = 0; i < tracks.size(); i++) {
            PlannedTrack track = tracks.get(i);
            isAnyBelow |= track.point >= 0 && track.point < engine.top(i);
        }
        deadlineNanos = NO_DEADLINE;
        if (!isAnyBelow) {
            return;
        }
        long cap = engine.cap(now.capBps());
        // A track that has just been raised waits again, so this ends after one round, or a few.
        while (upgrades.choose(engine, tracks, sumBps(), cap, returns.waitingBps(), nowNanos)) {
            for (int i = 0; i < tracks.size(); i++) {
                PlannedTrack track = tracks.get(i);
                if (track.isOn() && upgrades.chosen(i) == Engine.OFF) {
                    switchOff(track, Reason.CONGESTION_OFF, Cause.OUTRANKED, nowNanos);
                    engine.hold(i, true);
                } else if (upgrades.chosen(i) < track.point) {
                    move(track, upgrades.chosen(i), Cause.OUTRANKED, nowNanos);
                }
            }
            for (int i = 0; i < tracks.size(); i++) {
                PlannedTrack track = tracks.get(i);
                if (upgrades.chosen(i) > track.point) {
                    move(track, upgrades.chosen(i), Cause.BANDWIDTH_ROSE, nowNanos);
                    track.onUpgrade(nowNanos);
                }
            }
        }
        deadlineNanos = upgrades.nextDeadlineNanos(tracks, nowNanos);
    }

    private void holdTracksThatAreOff() {
        for (int i = 0; i < tracks.size(); i++) {
            engine.hold(i, !tracks.get(i).isOn());
        }
    }

    /** Computes the next deadline. */
    private void finish(long nowNanos) {
        if (sumBps() <= budgetBps) {
            excessSinceNanos = NO_DEADLINE;
        }
        wakeAt(excessSinceNanos, EXCESS_NANOS, nowNanos);
        wakeAt(graceSinceNanos, GRACE_NANOS, nowNanos);
        if (isDetectedOffDue) {
            wakeAt(lastDetectedOffNanos, DETECTED_OFF_NANOS, nowNanos);
        }
        if (profile.switchOffMode() == SwitchOffMode.DETECTED) {
            wakeAt(congestion.nextDeadlineNanos(), 0, nowNanos);
        }
        for (PlannedTrack track : tracks) {
            track.isNew = false;
            track.isCandidate = false;
            if (!track.isOn()) {
                wakeAt(track.challengeReadyNanos, 0, nowNanos);
                if (track.isWaiting() || track.isHidden) {
                    wakeAt(track.headroomSinceNanos, track.returnWaitNanos(), nowNanos);
                }
            }
        }
        TrackSid first =
                engine.first() < 0 ? null : tracks.get(engine.first()).input.track();
        if (first != null && !first.equals(mostImportant)) {
            isChanged = true; // The router steps down by itself in the order of rank.
        }
        mostImportant = first;
    }

    private void wakeAt(long sinceNanos, long afterNanos, long nowNanos) {
        if (sinceNanos != NO_DEADLINE && sinceNanos + afterNanos > nowNanos) {
            deadlineNanos = Math.min(deadlineNanos, sinceNanos + afterNanos);
        }
    }

    private void switchOn(PlannedTrack track, int target, long nowNanos) {
        Cause cause;
        if (track.isNew) {
            cause = Cause.NEW_TRACK;
        } else if (track.isCandidate) {
            cause = track.off == Reason.CLIENT_OFF ? Cause.CLIENT_ON : Cause.OUTRANKED;
        } else {
            cause = track.isReturning ? Cause.BANDWIDTH_ROSE : Cause.OUTRANKED;
            track.onReturn(nowNanos);
        }
        if (track.isCandidate && isNothingOn()) {
            upgrades.onStart(nowNanos);
        }
        // A track that congestion had switched off begins with its lowest layer, because only that was waited for.
        track.point = track.isCandidate ? target : Math.min(0, target);
        track.layer = layerAt(track);
        track.onSinceNanos = nowNanos;
        track.changedNanos = nowNanos;
        track.headroomSinceNanos = NO_DEADLINE;
        track.challengeSinceNanos = NO_DEADLINE;
        track.isReturning = false;
        track.isTaking = false;
        announcements.onSoon(track, nowNanos);
        record(track, null, cause, nowNanos);
    }

    private boolean isNothingOn() {
        for (PlannedTrack track : tracks) {
            if (track.isOn()) {
                return false;
            }
        }
        return true;
    }

    private static LadderPoint layerAt(PlannedTrack track) {
        LadderPoint last = track.layer;
        if (track.point >= 0) {
            return track.input.ladder().point(track.point);
        }
        return last == null ? new LadderPoint(0, 0, 0) : last;
    }

    /** Keeps a track off that may come on but does not fit. */
    private void stayOff(PlannedTrack track, long nowNanos) {
        track.off = Reason.CONGESTION_OFF;
        track.onCongestionOff(nowNanos);
        congestionOffCount++;
        announcements.off(track);
        record(track, null, track.isNew ? Cause.NEW_TRACK : Cause.CLIENT_ON, nowNanos);
    }

    private void switchOff(PlannedTrack track, Reason reason, Cause cause, long nowNanos) {
        LadderPoint before = track.layer;
        track.point = Engine.OFF;
        track.off = reason;
        if (reason == Reason.CONGESTION_OFF) {
            track.onCongestionOff(nowNanos);
            congestionOffCount++;
            upgrades.onFall();
        } else {
            otherOffCount++;
        }
        announcements.off(track);
        record(track, before, cause, nowNanos);
    }

    private void move(PlannedTrack track, int point, Cause cause, long nowNanos) {
        LadderPoint before = layerAt(track);
        LadderPoint after = track.input.ladder().point(point);
        if (point > track.point) {
            upgradeCount++;
        } else {
            downgradeCount++;
        }
        track.point = point;
        track.layer = after;
        track.changedNanos = nowNanos;
        if (after.spatial() > before.spatial()) {
            track.spatialUpNanos = nowNanos;
        }
        record(track, before, cause, nowNanos);
    }

    private void record(PlannedTrack track, @Nullable LadderPoint before, Cause cause, long nowNanos) {
        isChanged = true;
        if (input != null) {
            upgrades.onChange(input.availableBps());
        }
        track.remember(new LayerChange(
                nowNanos, before, track.isOn() ? track.layer : null, reasonOf(track), cause, budgetBps, sumBps()));
    }

    /** Returns the reason of a new layer. A wait that holds back the next step counts as its budget. */
    private Reason reasonOf(PlannedTrack track) {
        if (!track.isOn()) {
            return track.off;
        }
        if (track.point == Engine.SILENT) {
            return Reason.SOURCE_SILENT;
        }
        return track.point == track.input.ladder().topFor(tileOf(track.input)) ? Reason.AS_DESIRED : Reason.BUDGET;
    }

    private @Nullable RenderSize tileOf(TrackInput track) {
        return track.renderSize() != null ? track.renderSize() : profile.assumedSize(track.priority());
    }

    /**
     * Returns whether layers have changed since the last call, or which track is the most important one. The ranks of
     * the other tracks may have changed without notice.
     */
    public boolean takeChanged() {
        boolean taken = isChanged;
        isChanged = false;
        return taken;
    }

    /** Returns the layer of a track; empty if the track is off or unknown. */
    public Optional<LadderPoint> layer(TrackSid track) {
        PlannedTrack planned = bySid.get(track);
        return planned == null || !planned.isOn() ? Optional.empty() : Optional.of(layerAt(planned));
    }

    /** Returns the rank of a track, 0 for the most important one; -1 if the track is unknown. */
    public int rank(TrackSid track) {
        int index = indexOf(track);
        return index < 0 || input == null ? -1 : engine.rankOf(index);
    }

    private int indexOf(TrackSid track) {
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).input.track().equals(track)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the tracks to announce to the client as off or on since the last call. */
    public SwitchOffs takeSwitchOffs() {
        return announcements.take();
    }

    /** Returns whether the tracks cost more than the budget, which is tolerated for a short time. */
    public boolean isExcessive() {
        return sumBps() > budgetBps;
    }

    /** Returns what the prober should aim at. */
    public Demand demand() {
        return input == null ? Demand.NONE : Demands.of(engine, tracks, input, sumBps());
    }

    /** Returns what this subscriber lets the publisher of a track send; empty if the track is unknown. */
    public Optional<PublisherHints.Watcher> watcher(TrackSid track) {
        PlannedTrack planned = bySid.get(track);
        if (planned == null) {
            return Optional.empty();
        }
        TrackInput facts = planned.input;
        boolean waiting = !planned.isOn() && planned.off == Reason.MAX_TRACKS;
        return Optional.of(new PublisherHints.Watcher(facts.clientEnabled(), waiting, tileOf(facts)));
    }

    /** Returns why a track has its present layer; empty if the track is unknown or nothing is decided yet. */
    public Optional<Explanation> explain(TrackSid track, long nowNanos) {
        int index = indexOf(track);
        if (index < 0 || input == null) {
            return Optional.empty();
        }
        boolean neverOff = Allocator.neverOff(profile.switchOffMode(), congestion.isConfirmed());
        boolean isSteppedDown = steppedDown.contains(track.value());
        return Optional.of(Explanations.of(
                engine,
                tracks,
                index,
                upgrades,
                input,
                budgetBps,
                sumBps(),
                returns.waitingBps(),
                neverOff,
                isSteppedDown,
                nowNanos));
    }

    /** Returns the last changes of a track, the newest first, at most {@link #CHANGES_MAX}. */
    public List<LayerChange> changes(TrackSid track) {
        PlannedTrack planned = bySid.get(track);
        return planned == null ? List.of() : planned.changes();
    }

    /** Returns the sum of the rates of all tracks that are on, in bit/s. */
    public long sumBps() {
        long sum = 0;
        for (int i = 0; i < tracks.size(); i++) {
            sum += tracks.get(i).costBps();
        }
        return sum;
    }

    /** Returns the bandwidth for all video, in bit/s: what is available, or the cap if that is lower. */
    public long budgetBps() {
        return budgetBps;
    }

    /** Returns the numbers of changes since the plan was made, for metrics. */
    public Counts counts() {
        return new Counts(upgradeCount, downgradeCount, congestionOffCount, otherOffCount);
    }

    /**
     * The tracks to announce on the channel {@code track_switch_off}. No track is in both lists.
     *
     * @param off the tracks that are not sent any more
     * @param on the tracks that are sent again
     */
    public record SwitchOffs(List<TrackSid> off, List<TrackSid> on) {
        public static final SwitchOffs NONE = new SwitchOffs(List.of(), List.of());

        public SwitchOffs {
            off = List.copyOf(off);
            on = List.copyOf(on);
        }

        /** Returns whether there is nothing to announce. */
        public boolean isEmpty() {
            return off.isEmpty() && on.isEmpty();
        }
    }

    /**
     * Numbers of changes.
     *
     * @param upgrades changes of a track that is on to a better layer
     * @param downgrades changes of a track that is on to a worse layer
     * @param congestionOffs tracks switched off because of congestion
     * @param otherOffs tracks switched off by the client or by the largest number of tracks
     */
    public record Counts(long upgrades, long downgrades, long congestionOffs, long otherOffs) {}
}
