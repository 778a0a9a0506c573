package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a track that is off takes the place of a quieter one of the same priority. Without this rule places would
 * change with each cough, or never.
 */
final class Challenges {
    /** A track that is off must be louder than one that is on for this time before it takes the other's place. */
    static final long CHALLENGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A track that has come on keeps its place against louder ones for this time. */
    static final long PLACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private Challenges() {}

    /** Returns whether a track that is off has been louder than one that is on for long enough to take its place. */
    static boolean isReady(Engine engine, List<PlannedTrack> tracks, boolean byArea, int index, long nowNanos) {
        PlannedTrack track = tracks.get(index);
        long readyNanos = NO_DEADLINE;
        if (!track.isOn() && track.input.clientEnabled() && !track.isNew) {
            PlannedTrack last = null;
            for (int i = 0; i < tracks.size(); i++) {
                PlannedTrack other = tracks.get(i);
                if (other.isOn()
                        && other.input.priority() == track.input.priority()
                        && (!byArea || engine.area(i) == engine.area(index))
                        && (last == null || isQuieterOrNewer(other, last))) {
                    last = other;
                }
            }
            if (last != null && track.input.loudRank() < last.input.loudRank()) {
                if (track.challengeSinceNanos == NO_DEADLINE) {
                    track.challengeSinceNanos = nowNanos;
                }
                readyNanos = Math.max(track.challengeSinceNanos + CHALLENGE_NANOS, last.onSinceNanos + PLACE_NANOS);
            }
        }
        if (readyNanos == NO_DEADLINE) {
            track.challengeSinceNanos = NO_DEADLINE;
        }
        track.challengeReadyNanos = readyNanos;
        return readyNanos <= nowNanos;
    }

    private static boolean isQuieterOrNewer(PlannedTrack one, PlannedTrack other) {
        return one.input.loudRank() != other.input.loudRank()
                ? one.input.loudRank() > other.input.loudRank()
                : one.onSinceNanos > other.onSinceNanos;
    }
}
