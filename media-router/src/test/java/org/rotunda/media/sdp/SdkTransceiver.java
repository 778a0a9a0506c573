package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transceiver of the modelled browser. */
final class SdkTransceiver {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid; // The MID is null until an offer or answer names it.

    @Nullable
    String trackId; // The application sends this track on the transceiver.

    List<Long> ssrcs = List.of(); // The lowest layer comes first. The RTX SSRC of each layer is its SSRC plus one.

    @Nullable
    String receivedTrackId; // The server sends this track on the transceiver, according to its msid.

    boolean isSending; // True if the negotiation allows the client to send.

    SdkTransceiver(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    Direction direction() {
        return Direction.of(trackId != null, true);
    }
}
