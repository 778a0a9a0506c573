package org.rotunda.media.sdp;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One m-line of the connection, with the state of both sides. Only {@link MLineTable} and {@link Negotiation} change
 * this state.
 */
final class MLine {
    final String mid;
    final MediaKind kind;

    /** True if either side has rejected the m-line with port 0. The client may use the line again, with another MID. */
    boolean rejected;

    /** The content of a line that has no common codec but must not be rejected; null for any other line. */
    @Nullable
    KeptLine kept;

    /** The track that we send, or that we will send once the client has answered our offer. */
    @Nullable
    OutgoingTrack track;

    /** True if a completed negotiation includes the track. */
    boolean trackNegotiated;

    /**
     * True from the removal of our track until the client answers our offer. The line gets no new track in that time.
     */
    boolean draining;

    /** The client's side of the m-line, according to the client's last description. */
    RemoteMedia remote = RemoteMedia.NONE;

    /** The encodings of the line whose SSRCs came from packets, by RID. They outlast a pause of the client's track. */
    final Map<String, MediaPlan.Encoding> bound = new HashMap<>();

    int sctpPort;
    int maxMessageSizeBytes;

    MLine(String mid, MediaKind kind) {
        this.mid = mid;
        this.kind = kind;
    }

    boolean isIdleFor(MediaKind desired) {
        return kind == desired && !rejected && kept == null && track == null && !draining;
    }

    void reject() {
        rejected = true;
        kept = null;
        clear();
    }

    /** Keeps the line inactive, because an answer must not reject it. */
    void keep(KeptLine content) {
        kept = content;
        clear();
    }

    private void clear() {
        track = null;
        trackNegotiated = false;
        draining = false;
        remote = RemoteMedia.NONE;
        bound.clear();
    }

    /**
     * Returns the direction for our offer. If we send on this line, the offer also lets the client publish on it.
     */
    Direction offered() {
        return track != null
                ? Direction.SENDRECV
                : Direction.of(false, remote.direction().sends());
    }

    /** Returns the direction for our answer to the client's last description. */
    Direction answered() {
        return Direction.of(
                track != null && remote.direction().receives(),
                remote.direction().sends());
    }

    @Nullable
    OutgoingTrack negotiatedTrack() {
        return trackNegotiated && remote.direction().receives() ? track : null;
    }
}
