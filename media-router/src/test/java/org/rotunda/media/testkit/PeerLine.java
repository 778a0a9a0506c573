package org.rotunda.media.testkit;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.sdp.MediaKind;

/** An m-line of a peer, or a transceiver that has no m-line yet. */
public final class PeerLine<T extends PeerTrack> {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid;

    @Nullable
    T track; // The application publishes this track on the line.

    boolean sending; // True if the router accepts the track.

    @Nullable
    String receivedTrackId;

    PeerLine(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    public MediaKind kind() {
        return kind;
    }

    /** Returns the MID, or null while no description has named one. */
    public @Nullable String mid() {
        return mid;
    }

    /** Returns the published track, whether the router takes it or not. */
    public @Nullable T track() {
        return track;
    }

    /** Returns whether the router takes the published track. */
    public boolean isSending() {
        return sending;
    }

    /** Returns the id under which the router sends a track on this line, or null while it sends none. */
    public @Nullable String receivedTrackId() {
        return receivedTrackId;
    }
}
