package org.rotunda.room.allocation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.rotunda.room.protocol.TrackSid;

/**
 * The layers that one subscriber's video tracks have now, and the changes over time: it holds the result of the
 * allocation against the present layers and lets only those changes through that are worth it.
 *
 * <p>Sans-IO and owned by one thread, the conductor of the room. After each input the owner takes {@link
 * #takeSwitchOffs}, sends the layers to the router if {@link #takeChanged} says so, and schedules {@link #onTimeout} at
 * {@link #nextDeadlineNanos}.
 */
@SuppressWarnings("DoNotCallSuggester") // The surface only; the next commit has the code.
public final class SubscriberPlan {
    /** The deadline of a plan that waits for nothing. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The number of changes that are remembered of each track. */
    public static final int CHANGES_MAX = 10;

    public SubscriberPlan(BandwidthProfile profile) {
        throw new UnsupportedOperationException(profile.toString());
    }

    /** Takes the complete list of the video tracks that the subscriber receives, in any order. */
    public void onTracks(List<TrackInput> tracks, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Takes a new report about the subscriber's downlink. Nothing is decided before the first one. */
    public void onConditions(SubscriberInput input, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Notes that the first packet of a track that was off has left the router. The track is announced as on then. */
    public void onFlowing(TrackSid track, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Takes the tracks that the router holds below their layers, for the explanations. */
    public void onSteppedDown(Collection<String> trackSids) {
        throw new UnsupportedOperationException();
    }

    /** Takes the steps that are due. Harmless if called early. */
    public void onTimeout(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Returns when {@link #onTimeout} must be called next, or {@link #NO_DEADLINE}. */
    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /** Returns whether layers or ranks have changed since the last call. */
    public boolean takeChanged() {
        throw new UnsupportedOperationException();
    }

    /** Returns the layer of a track; empty if the track is off or unknown. */
    public Optional<LadderPoint> layer(TrackSid track) {
        throw new UnsupportedOperationException();
    }

    /** Returns the rank of a track, 0 for the most important one; -1 if the track is unknown. */
    public int rank(TrackSid track) {
        throw new UnsupportedOperationException();
    }

    /** Returns the tracks to announce to the client as off or on since the last call. */
    public SwitchOffs takeSwitchOffs() {
        throw new UnsupportedOperationException();
    }

    /** Returns what the prober should aim at. */
    public Demand demand() {
        throw new UnsupportedOperationException();
    }

    /** Returns what this subscriber lets the publisher of a track send; empty if the track is unknown. */
    public Optional<PublisherHints.Watcher> watcher(TrackSid track) {
        throw new UnsupportedOperationException();
    }

    /** Returns why a track has its present layer; empty if the track is unknown. */
    public Optional<Explanation> explain(TrackSid track, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Returns the last changes of a track, the newest first, at most {@link #CHANGES_MAX}. */
    public List<LayerChange> changes(TrackSid track) {
        throw new UnsupportedOperationException();
    }

    /** Returns the sum of the rates of all tracks that are on, in bit/s. */
    public long sumBps() {
        throw new UnsupportedOperationException();
    }

    /** Returns the numbers of changes since the plan was made, for metrics. */
    public Counts counts() {
        throw new UnsupportedOperationException();
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
