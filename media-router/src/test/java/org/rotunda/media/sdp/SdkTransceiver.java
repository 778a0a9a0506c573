package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transceiver of the modelled browser. */
final class SdkTransceiver {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid; // Null until an offer or answer gave it an m-line.

    @Nullable
    String trackId; // What the application publishes on it.

    List<Long> ssrcs = List.of(); // Lowest layer first; the RTX SSRC of each is one more.

    @Nullable
    String receivedTrackId; // What the server sends on it, by msid.

    boolean isSending; // Negotiated.

    SdkTransceiver(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    Direction direction() {
        return Direction.of(trackId != null, true);
    }
}
