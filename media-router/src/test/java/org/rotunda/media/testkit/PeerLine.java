package org.rotunda.media.testkit;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.sdp.MediaKind;

/** One m-line of a simulated peer, or a transceiver that waits for one. */
final class PeerLine {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid;

    @Nullable
    PublishedTrack track; // What the application publishes on it.

    boolean sending; // The router takes it.

    @Nullable
    String receivedTrackId;

    PeerLine(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }
}
