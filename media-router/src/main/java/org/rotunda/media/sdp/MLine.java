package org.rotunda.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One m-line of the connection, with the state of both sides. Changed only by {@link MLineTable} and {@link
 * Negotiation}.
 */
final class MLine {
    final String mid;
    final MediaKind kind;

    /** Port 0 by either side: the MID is spent. */
    boolean rejected;

    /** The track we send or, while our offer is out, will send. */
    @Nullable
    OutgoingTrack track;

    /** True if a completed negotiation has told the client of the track. */
    boolean trackNegotiated;

    /** Our track has left in an offer that is not answered yet; until then the line takes no other track. */
    boolean draining;

    /** The client's side as of its last description. */
    RemoteMedia remote = RemoteMedia.NONE;

    int sctpPort;
    int maxMessageSizeBytes;

    MLine(String mid, MediaKind kind) {
        this.mid = mid;
        this.kind = kind;
    }

    boolean isIdleFor(MediaKind desired) {
        return kind == desired && !rejected && track == null && !draining;
    }

    void reject() {
        rejected = true;
        track = null;
        trackNegotiated = false;
        draining = false;
        remote = RemoteMedia.NONE;
    }

    /** The direction in our offer: it lets the client send as long as we send, so that the client may publish here. */
    Direction offered() {
        return track != null
                ? Direction.SENDRECV
                : Direction.of(false, remote.direction().sends());
    }

    /** The direction in our answer to the client's last description. */
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
