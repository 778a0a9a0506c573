package org.rotunda.room.call;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.room.allocation.BandwidthProfile;
import org.rotunda.room.allocation.Demand;
import org.rotunda.room.allocation.Explanation;
import org.rotunda.room.allocation.Ladder;
import org.rotunda.room.allocation.LadderPoint;
import org.rotunda.room.allocation.PublisherHints;
import org.rotunda.room.allocation.Reason;
import org.rotunda.room.allocation.RenderSize;
import org.rotunda.room.allocation.SubscriberInput;
import org.rotunda.room.allocation.SubscriberPlan;
import org.rotunda.room.allocation.TrackInput;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackSid;

/**
 * What one member receives: its plan, and the inputs of the plan that come from the room and from its media node. Owned
 * by the conductor.
 */
final class MemberPlan {
    /**
     * The time after the first feedback of a client in which nothing is switched off for it, and no publisher is
     * throttled for it. The estimate is not yet what the network can carry.
     */
    static final long SETTLED_AFTER_NANOS = 2_000_000_000L;

    /** The factor by which a demand must change before the router hears of it. Measured rates change all the time. */
    static final double DEMAND_CHANGE = 0.1;

    /** The same while the tracks cost more than the budget. The router takes no smaller change for another step. */
    static final double EXCESS_CHANGE = 0.02;

    /**
     * The time over which the loss is averaged that retransmissions are reserved for. The loss of a single second changes
     * by half of itself by chance, and upgrades need bandwidth that stays for seconds.
     */
    static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The loss whose retransmissions need no reserve, because the margin of upgrades has room for them. With both, a
     * network with 5 % of random loss was used by little more than half.
     */
    static final double LOSS_COVERED = 0.05;

    /** The estimate of a network of which nothing is known. */
    private static final long UNLIMITED_BPS = 1_000_000_000L;

    private static final int TEMPORAL_ALL = LayerLimit.NONE.temporalMax();

    private final BandwidthProfile profile;
    private final SubscriberPlan plan;
    private final long capBps;
    private @Nullable DownlinkReport report;
    private long sampledAt; // The time of the first report with feedback of the client; without meaning before it.
    private boolean sampled;
    private Set<ParticipantSid> publishers = Set.of();
    private Set<TrackSid> videos = Set.of();
    private Set<TrackSid> off = Set.of();
    private boolean tracksTaken; // True if the plan has got a list of tracks since the last look at what is off.
    private DesiredTransport.Downlink told = DesiredTransport.Downlink.NONE;
    private long reserveBps;
    private double steadyLoss; // The loss, averaged over LOSS_NANOS.
    private long lossAt;

    /** @param roomMaxBps the limit of a subscriber's video in this room, in bit/s */
    MemberPlan(org.rotunda.room.protocol.@Nullable BandwidthProfile profile, long roomMaxBps) {
        this.profile = profile == null ? BandwidthProfile.NONE : of(profile);
        this.plan = new SubscriberPlan(this.profile);
        this.capBps = SubscriberInput.cap(roomMaxBps, this.profile);
    }

    private static BandwidthProfile of(org.rotunda.room.protocol.BandwidthProfile profile) {
        return new BandwidthProfile(
                BandwidthProfile.Mode.valueOf(profile.mode().name()),
                profile.speakerPriority(),
                profile.bitrateMax(),
                profile.tracksMax(),
                BandwidthProfile.SwitchOffMode.valueOf(profile.switchOff().name()),
                of(profile.low()),
                of(profile.standard()),
                of(profile.high()));
    }

    static RenderSize of(PictureSize size) {
        return new RenderSize(size.width(), size.height());
    }

    BandwidthProfile profile() {
        return profile;
    }

    // --- inputs

    /**
     * Takes the video tracks that the member receives.
     *
     * @param receivedFrom the publishers of all tracks that it receives, also of audio
     */
    void onTracks(List<TrackInput> tracks, Set<ParticipantSid> receivedFrom, int speaking, long nowNanos) {
        publishers = receivedFrom;
        Set<TrackSid> sids = new HashSet<>();
        tracks.forEach(track -> sids.add(track.track()));
        videos = sids;
        plan.onTracks(tracks, nowNanos);
        tracksTaken = true;
        onConditions(speaking, nowNanos);
    }

    /** Takes a report about the network to the member. */
    void onReport(DownlinkReport next, int speaking, long nowNanos) {
        smoothLoss(next.loss(), nowNanos);
        if (next.sampled() || !sampled) {
            report = next; // The start value of a new path replaces no measured estimate.
        }
        if (next.sampled() && !sampled) {
            sampled = true;
            sampledAt = nowNanos;
        }
        plan.onSteppedDown(next.steppedDown());
        onConditions(speaking, nowNanos);
    }

    private void smoothLoss(double loss, long nowNanos) {
        double weight = report == null ? 1 : Math.min(1, (double) (nowNanos - lossAt) / LOSS_NANOS);
        steadyLoss += weight * (loss - steadyLoss);
        lossAt = nowNanos;
    }

    private void onConditions(int speaking, long nowNanos) {
        DownlinkReport now = report;
        if (now == null || !sampled) {
            // No congestion control knows this network, for instance because the client sends no feedback.
            reserveBps = SubscriberInput.reserve(0, speaking, 0, 0);
            plan.onConditions(new SubscriberInput(UNLIMITED_BPS, reserveBps, capBps, false, 0, 0), nowNanos);
            return;
        }
        long estimate = now.estimateBps();
        if (!isSettled(nowNanos)) {
            estimate = Math.max(estimate, plan.demand().minimumBps() * 12 / 10);
        }
        reserveBps =
                SubscriberInput.reserve(now.audioBps(), speaking, estimate, Math.max(0, steadyLoss - LOSS_COVERED));
        plan.onConditions(
                new SubscriberInput(estimate, reserveBps, capBps, now.overused(), now.loss(), now.queueMillis()),
                nowNanos);
    }

    void onFlowing(TrackSid track, long nowNanos) {
        plan.onFlowing(track, nowNanos);
    }

    void onTimeout(long nowNanos) {
        plan.onTimeout(nowNanos);
    }

    long nextDeadlineNanos() {
        return plan.nextDeadlineNanos();
    }

    // --- outputs

    /** Returns the publishers of the tracks that the member receives. */
    Set<ParticipantSid> publishers() {
        return publishers;
    }

    /** Returns the video tracks that the member receives and can decode. */
    Set<TrackSid> videos() {
        return videos;
    }

    /** Returns whether layers, ranks or the tracks that are off have changed since the last call. */
    boolean takeChanged(long nowNanos) {
        boolean changed = plan.takeChanged();
        if (!changed && !tracksTaken) {
            return false;
        }
        tracksTaken = false;
        Set<TrackSid> before = off;
        off = videos.stream()
                .filter(track -> plan.layer(track).isEmpty())
                .filter(track -> plan.explain(track, nowNanos)
                        .map(Explanation::reason)
                        .filter(Reason::isOff)
                        .isPresent())
                .collect(Collectors.toUnmodifiableSet());
        return changed || !off.equals(before);
    }

    /**
     * Returns whether the router must hear another demand.
     *
     * @param anyChange true if the router hears of something else anyway, so that the demand may as well be exact
     */
    boolean takeDemand(boolean anyChange) {
        Demand demand = plan.demand();
        DesiredTransport.Downlink next =
                new DesiredTransport.Downlink(demand.desiredBps(), demand.nextBps(), demand.capBps());
        if (next.equals(told) || !(anyChange || isNews(told, next) || isPassed(next) || isKeeping(next))) {
            return false;
        }
        told = next;
        return true;
    }

    /** Returns whether the estimate has reached the next step that the router was told of, and more is needed now. */
    private boolean isPassed(DesiredTransport.Downlink next) {
        DownlinkReport now = report;
        return now != null
                && sampled
                && told.nextBps() > 0
                && now.estimateBps() >= told.nextBps()
                && next.nextBps() > told.nextBps();
    }

    /** Returns whether the router should probe soon for what the present layers cost, because it is tolerated for now. */
    private boolean isKeeping(DesiredTransport.Downlink next) {
        return plan.isExcessive() && isNews(told.nextBps(), next.nextBps(), EXCESS_CHANGE);
    }

    SubscriberPlan.SwitchOffs takeSwitchOffs() {
        return plan.takeSwitchOffs();
    }

    SubscriberPlan.Counts counts() {
        return plan.counts();
    }

    /** Returns whether the track is not to be sent now. A track that the plan does not know is sent. */
    boolean isPaused(TrackSid track) {
        return off.contains(track);
    }

    /** Returns the highest layer to send of a track. */
    LayerLimit layers(TrackSid track, Ladder ladder) {
        if (report == null && profile.equals(BandwidthProfile.NONE)) {
            return LayerLimit.NONE;
        }
        return plan.layer(track)
                .map(layer -> new LayerLimit(
                        layer.spatial(), isTopOfEncoding(layer, ladder) ? TEMPORAL_ALL : layer.temporal()))
                .orElse(LayerLimit.NONE);
    }

    private static boolean isTopOfEncoding(LadderPoint layer, Ladder ladder) {
        return ladder.points().stream()
                .noneMatch(point -> point.spatial() == layer.spatial() && point.temporal() > layer.temporal());
    }

    int rank(TrackSid track) {
        return Math.max(0, plan.rank(track));
    }

    /** Returns the demand on the network, as the router was last told. */
    DesiredTransport.Downlink downlink() {
        return told;
    }

    private static boolean isNews(DesiredTransport.Downlink old, DesiredTransport.Downlink next) {
        return isNews(old.desiredBps(), next.desiredBps())
                || isNews(old.nextBps(), next.nextBps())
                || isNews(old.capBps(), next.capBps());
    }

    private static boolean isNews(long old, long next) {
        return isNews(old, next, DEMAND_CHANGE);
    }

    private static boolean isNews(long old, long next, double share) {
        return (old == 0) != (next == 0) || Math.abs(next - old) > share * old;
    }

    Optional<PublisherHints.Watcher> watcher(TrackSid track) {
        return plan.watcher(track);
    }

    /** Returns the layer that a publisher may have to be throttled for. */
    Optional<LadderPoint> throttling(TrackSid track, long nowNanos) {
        return isSettled(nowNanos) ? plan.layer(track) : Optional.empty();
    }

    private boolean isSettled(long nowNanos) {
        return sampled && nowNanos - sampledAt >= SETTLED_AFTER_NANOS;
    }

    /** Returns the bandwidth that video would take with ample bandwidth, in bit/s. */
    long wantedBps() {
        return Math.max(0, plan.demand().desiredBps() - reserveBps);
    }

    /** Returns the bandwidth that the network leaves to video, in bit/s; a negative number while unknown. */
    long availableBps() {
        DownlinkReport now = report;
        return now == null || !sampled ? -1 : Math.max(0, now.estimateBps() - reserveBps);
    }

    // --- for people

    /** Returns what the network allows and what the tracks take. */
    AllocationView.Budget budget() {
        DownlinkReport now = report;
        return new AllocationView.Budget(
                now == null || !sampled ? -1 : now.estimateBps(),
                reserveBps,
                capBps,
                plan.sumBps(),
                now == null ? 0 : now.loss(),
                now == null ? 0 : now.queueMillis());
    }

    /** Returns why a track has its present layer, and its last changes; empty if the plan does not have the track. */
    Optional<AllocationView.Track> explain(TrackSid track, ParticipantSid publisher, Instant now, long nowNanos) {
        return plan.explain(track, nowNanos)
                .map(why -> new AllocationView.Track(
                        track,
                        publisher,
                        plan.rank(track),
                        layer(why.layer()),
                        layer(why.desired()),
                        layer(why.next()),
                        why.reason().name(),
                        why.text(),
                        why.waitMillis(),
                        plan.changes(track).stream()
                                .map(change -> new AllocationView.Change(
                                        now.minus(Duration.ofNanos(nowNanos - change.atNanos())),
                                        layer(change.from()),
                                        layer(change.to()),
                                        change.reason().name(),
                                        change.cause().name(),
                                        change.budgetBps(),
                                        change.sumBps()))
                                .toList()));
    }

    private static AllocationView.@Nullable Layer layer(@Nullable LadderPoint point) {
        return point == null ? null : new AllocationView.Layer(point.spatial(), point.temporal(), point.bps());
    }
}
