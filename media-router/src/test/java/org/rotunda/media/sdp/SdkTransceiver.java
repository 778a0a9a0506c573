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
    String trackId; // The application's track on it.

    List<Long> ssrcs = List.of(); // Lowest layer first; the RTX SSRC of each is one more.

    @Nullable
    String receivedTrackId; // The server's track on it, by msid.

    boolean isSending; // Negotiated.

    SdkTransceiver(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    Direction direction() {
        return Direction.of(trackId != null, true);
    }
}
