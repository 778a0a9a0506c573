package org.rotunda.room.signal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackSid;

/**
 * Tells one publisher how many encodings of each of its video tracks somebody watches. One message is outstanding at a
 * time. More encodings are asked for at once, fewer only after {@link #FEWER_AFTER_NANOS}, because viewers come back. A
 * message without an answer is repeated under a new id after {@link #ANSWER_WITHIN_NANOS}; the client may have to finish
 * a negotiation before it answers. Owned by one actor.
 */
public final class PublisherHinter {
    /** The time for which fewer encodings must be needed before the publisher is told. */
    public static final long FEWER_AFTER_NANOS = 3_000_000_000L;

    /** The time within which a client should answer. */
    public static final long ANSWER_WITHIN_NANOS = 10_000_000_000L;

    /** The pause after which a hint that the client did not carry out is sent again. */
    public static final long AGAIN_AFTER_NANOS = 1_000_000_000L;

    /** The number of times that a hint is sent again in a row because the client did not carry it out. */
    public static final int AGAIN_MAX = 5;

    /** Nothing is due. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Map<TrackSid, Track> tracks = new HashMap<>();
    private boolean open;
    private long lastId;
    private long outstanding; // The id of the message that has no answer yet; 0 if there is none.
    private long answerDue = NEVER;

    private static final class Track {
        private final int encodings;
        private int needed;
        private long dueAt; // The time from which the need may be told.
        private int told; // The number that the client has, or will have when it answers.
        private boolean inMessage; // True if the outstanding message is about this track.
        private int failures;

        private Track(int encodings) {
            this.encodings = encodings;
            this.needed = encodings;
            this.told = encodings; // A client begins with all encodings.
        }
    }

    /** Notes that the channel has opened, possibly again. The client may have missed the last message. */
    public void onOpened(boolean again) {
        open = true;
        forgetOutstanding();
        if (again) {
            tracks.values().forEach(PublisherHinter::unknown);
        }
    }

    public void onClosed() {
        open = false;
        forgetOutstanding();
    }

    private void forgetOutstanding() {
        outstanding = 0;
        answerDue = NEVER;
        for (Track track : tracks.values()) {
            if (track.inMessage) {
                track.inMessage = false;
                unknown(track);
            }
        }
    }

    /** Notes that the state of the client's encodings is unknown, so that any need is told. */
    private static void unknown(Track track) {
        track.told = -1;
    }

    /**
     * Notes how many encodings of a track are needed.
     *
     * @param encodings how many encodings the client can send
     * @param needed how many of them, counted from the lowest, somebody watches
     */
    public void need(TrackSid sid, int encodings, int needed, long nowNanos) {
        Track track = tracks.get(sid);
        if (track == null || track.encodings != encodings) {
            track = new Track(encodings);
            tracks.put(sid, track);
        }
        if (needed != track.needed) {
            boolean fewer = needed < track.needed;
            track.needed = needed;
            track.dueAt = fewer ? nowNanos + FEWER_AFTER_NANOS : nowNanos;
        }
    }

    /** Forgets all tracks but these. A track that is published again has another SID. */
    public void retain(Set<TrackSid> published) {
        tracks.keySet().retainAll(published);
    }

    /** Takes the client's answer. An answer to an earlier message is ignored. */
    public void onTaken(ClientSignal.PublisherHintsTaken answer, long nowNanos) {
        if (answer.id() != outstanding || outstanding == 0) {
            return;
        }
        outstanding = 0;
        answerDue = NEVER;
        tracks.values().forEach(track -> track.inMessage = false);
        for (TrackResult result : answer.results()) {
            Track track = tracks.get(result.track());
            if (track != null) {
                onResult(track, result.result(), nowNanos);
            }
        }
    }

    private static void onResult(Track track, HintResult result, long nowNanos) {
        switch (result) {
            case OK -> track.failures = 0;
            case COULD_NOT_APPLY_HINT, INVALID_HINT -> track.failures = AGAIN_MAX; // It would fail again.
            case UNKNOWN_TRACK, REQUEST_SKIPPED, OTHER -> {
                // The client may not know the track's SID yet, or was busy with another negotiation.
                if (track.failures < AGAIN_MAX) {
                    track.failures++;
                    unknown(track);
                    track.dueAt = nowNanos + AGAIN_AFTER_NANOS;
                }
            }
        }
    }

    /** Notes that the client has set all encodings of a track back to their defaults. */
    public void onReset(TrackSid sid) {
        Track track = tracks.get(sid);
        if (track != null) {
            track.failures = 0;
            unknown(track);
        }
    }

    /** Returns the message that the client needs now. */
    public Optional<ServerSignal> take(long nowNanos) {
        if (nowNanos >= answerDue) {
            forgetOutstanding();
        }
        if (!open || outstanding != 0) {
            return Optional.empty();
        }
        List<ServerSignal.PublisherHint> hints = new ArrayList<>();
        tracks.forEach((sid, track) -> {
            if (isDue(track, nowNanos)) {
                hints.add(new ServerSignal.PublisherHint(sid, track.needed, track.encodings));
                track.told = track.needed;
                track.inMessage = true;
            }
        });
        if (hints.isEmpty()) {
            return Optional.empty();
        }
        outstanding = ++lastId;
        answerDue = nowNanos + ANSWER_WITHIN_NANOS;
        return Optional.of(new ServerSignal.PublisherHints(outstanding, hints));
    }

    private static boolean isDue(Track track, long nowNanos) {
        return isWrong(track) && nowNanos >= track.dueAt;
    }

    private static boolean isWrong(Track track) {
        return track.told != track.needed && track.failures < AGAIN_MAX;
    }

    /** Returns how many encodings the client was last told to send; null if it was told nothing about the track. */
    public @Nullable Integer told(TrackSid sid) {
        Track track = tracks.get(sid);
        return track == null || track.told < 0 ? null : track.told;
    }

    /** Returns the time of the next {@link #take} that may have something to say, or {@link #NEVER}. */
    public long nextDeadlineNanos() {
        if (!open) {
            return NEVER;
        }
        if (outstanding != 0) {
            return answerDue;
        }
        return tracks.values().stream()
                .filter(PublisherHinter::isWrong)
                .mapToLong(track -> track.dueAt)
                .min()
                .orElse(NEVER);
    }
}
