package org.rotunda.media.testkit;

import java.util.List;

/** The properties of a sent track that a peer's descriptions contain. */
public interface PeerTrack {
    /** One SSRC of the track. */
    interface Stream {
        int ssrc();

        /** Returns the SSRC of retransmissions; meaningful only if the track {@link #hasRtx}. */
        int rtxSsrc();
    }

    /** Returns the track id of the msid attribute. */
    String trackId();

    boolean isVideo();

    boolean hasRtx();

    /** Returns one stream, or the three streams of a simulcast track, the lowest first. */
    List<? extends Stream> streams();
}
