package org.rotunda.media.testkit;

import java.util.List;

/** What a peer's descriptions tell of a track it sends. */
public interface PeerTrack {
    /** One SSRC of it. */
    interface Stream {
        int ssrc();

        /** Meaningful where the track {@link #hasRtx}. */
        int rtxSsrc();
    }

    /** As its msid says it. */
    String trackId();

    boolean isVideo();

    boolean hasRtx();

    /** One, or three of a simulcast track, the lowest first. */
    List<? extends Stream> streams();
}
