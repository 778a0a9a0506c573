package org.rotunda.media.testkit;

import java.util.List;

/** A track that a peer sends, as its descriptions show it. */
public interface PeerTrack {
    /** One SSRC of the track. */
    interface Stream {
        int ssrc();

        /** Returns the SSRC of retransmissions. It has a meaning only if the track {@link #hasRtx}. */
        int rtxSsrc();
    }

    /** Returns the track id of the msid attribute. */
    String trackId();

    boolean isVideo();

    boolean hasRtx();

    /** Returns the streams: three for a simulcast track, with the lowest layer first, otherwise one. */
    List<? extends Stream> streams();
}
