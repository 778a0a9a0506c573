package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.AllocationSamples.letter;
import static org.rotunda.room.allocation.AllocationSamples.sid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rotunda.room.protocol.TrackSid;

/**
 * Runs a {@link SubscriberPlan} on virtual time and writes down every change: {@code "25.0 D S0T0 60"} for a layer,
 * {@code "10.0 D CONGESTION_OFF"} for a track that is switched off, {@code "26.0 on D"} for an announcement.
 */
final class PlanTimeline {
    /** A plan that needs more steps for one point in time does not come to rest. */
    private static final int STEPS_MAX = 100_000;

    private final SubscriberPlan plan;
    private final Map<TrackSid, TrackInput> tracks =
            new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    private final Map<TrackSid, String> seen = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    private final List<String> log = new ArrayList<>();
    private SubscriberInput input = AllocationSamples.kbps(0);
    private long nowNanos;

    PlanTimeline(BandwidthProfile profile) {
        plan = new SubscriberPlan(profile);
    }

    /** Lets time pass until this second. */
    PlanTimeline at(double second) {
        runTo(second);
        return this;
    }

    /** Lets time pass, with all deadlines on the way. */
    void runTo(double second) {
        long endNanos = Math.round(second * 1e9);
        for (int i = 0; plan.nextDeadlineNanos() <= endNanos; i++) {
            if (i > STEPS_MAX || plan.nextDeadlineNanos() < nowNanos) {
                throw new AssertionError("a deadline in the past, or too many");
            }
            nowNanos = plan.nextDeadlineNanos();
            plan.onTimeout(nowNanos);
            look();
        }
        nowNanos = endNanos;
    }

    PlanTimeline bandwidth(long kbps) {
        return conditions(new SubscriberInput(
                kbps * 1000, 0, input.capBps(), input.overused(), input.loss(), input.queueMillis()));
    }

    /** Sets the cap for the next reports. */
    PlanTimeline cap(long bps) {
        input = new SubscriberInput(input.estimateBps(), 0, bps, input.overused(), input.loss(), input.queueMillis());
        return this;
    }

    PlanTimeline loss(double loss) {
        return conditions(new SubscriberInput(
                input.estimateBps(), 0, input.capBps(), input.overused(), loss, input.queueMillis()));
    }

    PlanTimeline queue(int millis) {
        return conditions(
                new SubscriberInput(input.estimateBps(), 0, input.capBps(), input.overused(), input.loss(), millis));
    }

    private PlanTimeline conditions(SubscriberInput next) {
        input = next;
        plan.onConditions(next, nowNanos);
        look();
        return this;
    }

    /** Replaces all tracks. */
    PlanTimeline tracks(List<TrackInput> all) {
        tracks.clear();
        all.forEach(track -> tracks.put(track.track(), track));
        seen.keySet().retainAll(tracks.keySet());
        return changed();
    }

    /** Adds or replaces one track. */
    PlanTimeline track(TrackInput track) {
        tracks.put(track.track(), track);
        return changed();
    }

    private PlanTimeline changed() {
        plan.onTracks(List.copyOf(tracks.values()), nowNanos);
        look();
        return this;
    }

    PlanTimeline flows(char letter) {
        plan.onFlowing(sid(letter), nowNanos);
        look();
        return this;
    }

    private void look() {
        List<String> on = new ArrayList<>();
        for (TrackSid track : tracks.keySet()) {
            String now = state(track);
            if (!now.equals(seen.put(track, now))) {
                (plan.layer(track).isEmpty() ? log : on).add(time() + " " + letter(track) + " " + now);
            }
        }
        log.addAll(on);
        SubscriberPlan.SwitchOffs announced = plan.takeSwitchOffs();
        announced.off().forEach(track -> log.add(time() + " off " + letter(track)));
        announced.on().forEach(track -> log.add(time() + " on " + letter(track)));
    }

    private String state(TrackSid track) {
        Optional<LadderPoint> layer = plan.layer(track);
        if (layer.isPresent()) {
            return layer.get().toString();
        }
        Reason reason = plan.explain(track, nowNanos).map(Explanation::reason).orElse(Reason.CONGESTION_OFF);
        return (reason == Reason.CONGESTION_OFF_WAIT || hides(track) ? Reason.CONGESTION_OFF : reason).name();
    }

    /** Returns whether the client has hidden a track that congestion had switched off. */
    private boolean hides(TrackSid track) {
        return Reason.CONGESTION_OFF.name().equals(seen.get(track));
    }

    private String time() {
        return String.format(Locale.ROOT, "%.1f", nowNanos / 1e9);
    }

    List<String> log() {
        return log;
    }

    /** Returns the changes of one track, without announcements. */
    List<String> logOf(char letter) {
        return log.stream().filter(line -> line.contains(" " + letter + " ")).toList();
    }

    String layers() {
        return tracks.keySet().stream()
                .map(track -> letter(track) + "=" + state(track))
                .collect(Collectors.joining("; "));
    }

    Explanation explanation(char letter) {
        return plan.explain(sid(letter), nowNanos).orElseThrow();
    }

    Reason reason(char letter) {
        return explanation(letter).reason();
    }

    List<LayerChange> changes(char letter) {
        return plan.changes(sid(letter));
    }

    SubscriberPlan.Counts counts() {
        return plan.counts();
    }

    Demand demand() {
        return plan.demand();
    }

    boolean isExcessive() {
        return plan.isExcessive();
    }

    SubscriberPlan plan() {
        return plan;
    }
}
