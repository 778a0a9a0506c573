package org.rotunda.media.testkit;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.sdp.MediaKind;

/** One m-line of a peer, or a transceiver that waits for one. */
public final class PeerLine<T extends PeerTrack> {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid;

    @Nullable
    T track; // What the application publishes on it.

    boolean sending; // The router takes it.

    @Nullable
    String receivedTrackId;

    PeerLine(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    public MediaKind kind() {
        return kind;
    }

    /** Null while no description has named it. */
    public @Nullable String mid() {
        return mid;
    }

    /** What is published on it, whether the router takes it or not. */
    public @Nullable T track() {
        return track;
    }

    /** Whether the router takes what is published on it. */
    public boolean isSending() {
        return sending;
    }

    /** The id under which the router sends a track on it; null while it does not. */
    public @Nullable String receivedTrackId() {
        return receivedTrackId;
    }
}
