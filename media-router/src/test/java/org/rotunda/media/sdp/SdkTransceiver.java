package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transceiver of the modelled browser. */
final class SdkTransceiver {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid; // Null until an offer or answer names the MID.

    @Nullable
    String trackId; // The track that the application sends.

    List<Long> ssrcs = List.of(); // The lowest layer is first. The RTX SSRC of a layer is its SSRC plus one.

    @Nullable
    String receivedTrackId; // The id of the track that the server sends, taken from the msid.

    boolean isSending; // True if the negotiation allows the client to send.

    SdkTransceiver(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    Direction direction() {
        return Direction.of(trackId != null, true);
    }
}
