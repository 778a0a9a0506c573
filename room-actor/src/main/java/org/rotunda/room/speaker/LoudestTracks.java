package org.rotunda.room.speaker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.media.control.TrackLevels;

/**
 * The choice of the audio tracks that are forwarded in a large room: a fixed number of them, the same for all
 * subscribers. In a room with at most {@link #PARTICIPANTS_WITHOUT_CHOICE} participants all tracks are forwarded.
 *
 * <p>A chosen track keeps its place while it is silent, until another track needs the place. So the first syllable after
 * a pause is lost only if others have spoken meanwhile, and then only until the first report about it: a track that
 * becomes active takes the place of the one that has been silent for longest. A track is safe for {@link
 * #HANG_OVER_NANOS} after its last sound; then only a track that is clearly louder for some time can take its place.
 *
 * <p>A participant never receives its own tracks, chosen or not. So a participant whose track is chosen hears one other
 * track less than the rest does. The choice is not made for each subscriber, because then the audio of every subscriber
 * would change whenever anybody speaks.
 *
 * <p>Not thread-safe; owner: the conductor of the room.
 */
public final class LoudestTracks {
    /** The largest room without a choice. */
    public static final int PARTICIPANTS_WITHOUT_CHOICE = 16;

    /** A chosen track keeps its place for so long after its last active level. */
    public static final long HANG_OVER_NANOS = 3_000_000_000L;

    /** A chosen track keeps its place for so long after it was chosen, even if another one is louder. */
    public static final long STAY_NANOS = 2_000_000_000;

    /** A track must be louder for so long before it takes the place of a track that is active, too. */
    public static final long LOUDER_NANOS = 500_000_000;

    /** A track that takes the place of an active track must be so many dB louder. */
    public static final int LOUDER_MARGIN = 6;

    /** A level from here on is active: −50 dBov. */
    static final int ACTIVE_LEVEL = 77;

    /** The loudness of a track without reports for so long is 0. */
    private static final long QUIET_NANOS = 300_000_000;

    private static final int LEVEL_MASK = 0x7F;

    private final int tracksMax;
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private int participants;
    private int chosen;
    private long revision;

    /**
     * Makes the choice of a room without tracks.
     *
     * @param tracksMax the number of tracks to forward, at least 1
     */
    public LoudestTracks(int tracksMax) {
        if (tracksMax < 1) {
            throw new IllegalArgumentException("at least one track must be forwarded, not " + tracksMax);
        }
        this.tracksMax = tracksMax;
    }

    /** An audio track was published, or was enabled again. It gets a place if one is free. */
    public void onAudioEnabled(String trackSid, long nowNanos) {
        if (tracks.containsKey(trackSid)) {
            return;
        }
        Track track = new Track(trackSid, nowNanos);
        tracks.put(trackSid, track);
        if (chosen < tracksMax) {
            choose(track, nowNanos);
        }
        revision++;
    }

    /** An audio track was disabled or unpublished. Its place goes to the track that was active last. */
    public void onAudioDisabled(String trackSid, long nowNanos) {
        Track track = tracks.remove(trackSid);
        if (track == null) {
            return;
        }
        revision++;
        if (!track.isChosen) {
            return;
        }
        chosen--;
        Track next = null;
        for (Track each : tracks.values()) {
            if (!each.isChosen && (next == null || each.activeNanos > next.activeNanos)) {
                next = each;
            }
        }
        if (next != null) {
            choose(next, nowNanos);
        }
    }

    /** The number of participants in the room changed. */
    public void onParticipants(int count) {
        boolean wasOn = isOn();
        participants = count;
        if (wasOn != isOn()) {
            revision++;
        }
    }

    /** A media node reported levels. Levels of unknown tracks are ignored. */
    public void onReport(List<TrackLevels> levels, long nowNanos) {
        for (int i = 0; i < levels.size(); i++) {
            TrackLevels each = levels.get(i);
            Track track = tracks.get(each.trackSid());
            if (track != null) {
                track.onLevels(each.levels(), nowNanos);
            }
        }
        for (int i = 0; i < levels.size(); i++) {
            Track track = tracks.get(levels.get(i).trackSid());
            if (track != null && !track.isChosen && track.isActive(nowNanos)) {
                challenge(track, nowNanos);
            }
        }
    }

    /** An active track without a place tries to get one. */
    private void challenge(Track challenger, long nowNanos) {
        Track idle = null;
        Track quietest = null;
        for (Track each : tracks.values()) {
            if (!each.isChosen) {
                continue;
            }
            boolean isIdle = !each.wasActive || nowNanos - each.activeNanos >= HANG_OVER_NANOS;
            if (isIdle && (idle == null || each.activeNanos < idle.activeNanos)) {
                idle = each;
            }
            if (quietest == null || each.loudness(nowNanos) < quietest.loudness(nowNanos)) {
                quietest = each;
            }
        }
        if (idle != null) {
            replace(idle, challenger, nowNanos);
        } else if (quietest != null && isLouder(challenger, quietest, nowNanos)) {
            replace(quietest, challenger, nowNanos);
        }
    }

    private static boolean isLouder(Track challenger, Track quietest, long nowNanos) {
        if (challenger.loudness(nowNanos) < quietest.loudness(nowNanos) + LOUDER_MARGIN) {
            challenger.isLouder = false;
            return false;
        }
        if (!challenger.isLouder) {
            challenger.isLouder = true;
            challenger.louderNanos = nowNanos;
        }
        return nowNanos - challenger.louderNanos >= LOUDER_NANOS && nowNanos - quietest.chosenNanos >= STAY_NANOS;
    }

    private void replace(Track insider, Track challenger, long nowNanos) {
        insider.isChosen = false;
        insider.isLouder = false;
        chosen--;
        choose(challenger, nowNanos);
        revision++;
    }

    private void choose(Track track, long nowNanos) {
        track.isChosen = true;
        track.chosenNanos = nowNanos;
        chosen++;
    }

    /** Returns whether the room is so large that only the loudest tracks are forwarded. */
    public boolean isOn() {
        return participants > PARTICIPANTS_WITHOUT_CHOICE;
    }

    /** Returns whether the subscribers of a track get it now. */
    public boolean isForwarded(String trackSid) {
        Track track = tracks.get(trackSid);
        return track != null && (!isOn() || track.isChosen);
    }

    /** Returns the tracks that are forwarded, in the order in which they were enabled. */
    public List<String> forwarded() {
        List<String> sids = new ArrayList<>();
        for (Track each : tracks.values()) {
            if (!isOn() || each.isChosen) {
                sids.add(each.trackSid);
            }
        }
        return sids;
    }

    /** Rises whenever an answer of {@link #forwarded} may have changed. */
    public long revision() {
        return revision;
    }

    /** An enabled audio track. */
    private static final class Track {
        private final String trackSid;
        private boolean isChosen;
        private long chosenNanos;
        private boolean wasActive;
        private long activeNanos;
        private long reportedNanos;
        private int loudness;
        private boolean isLouder;
        private long louderNanos;

        private Track(String trackSid, long nowNanos) {
            this.trackSid = trackSid;
            activeNanos = nowNanos;
            reportedNanos = nowNanos;
        }

        private void onLevels(byte[] levels, long nowNanos) {
            int loudest = 0;
            for (byte each : levels) {
                loudest = Math.max(loudest, LEVEL_MASK - (each & LEVEL_MASK));
            }
            loudness = (loudness(nowNanos) + loudest) / 2;
            reportedNanos = nowNanos;
            if (loudest >= ACTIVE_LEVEL) {
                wasActive = true;
                activeNanos = nowNanos;
            }
        }

        /** Returns the mean of the loudest levels of the last reports; newer reports weigh more. */
        private int loudness(long nowNanos) {
            return nowNanos - reportedNanos >= QUIET_NANOS ? 0 : loudness;
        }

        private boolean isActive(long nowNanos) {
            return wasActive && activeNanos == nowNanos;
        }
    }
}
