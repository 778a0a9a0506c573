package org.rotunda.media.transport;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.feedback.KeyFrameBudget;
import org.rotunda.media.forward.SourceBatch;
import org.rotunda.media.forward.SourcePackets;
import org.rotunda.media.forward.SourceTrack;

/**
 * A track that subscriptions on this event loop forward: one that a client of this loop sends ({@link ReceivedTrack}), or one
 * that another loop hands over ({@link RelayedTrack}). Owned by the loop.
 */
public interface TrackSource extends SourcePackets {
    SourceTrack source();

    /** Returns the packets that wait to be forwarded. */
    default SourceBatch batch() {
        return source().batch();
    }

    /** Returns the codec of a video track; null for audio, and before the first key frame. */
    @Nullable
    Codec codec();

    /** Requests a key frame for a new subscription, a layer switch or the end of a pause. */
    void requestKeyFrame(int encoding, long nowNanos);

    /** Handles the request of a subscriber's decoder for a key frame, as far as its budget allows. */
    void onPictureLoss(int encoding, KeyFrameBudget budget, long nowNanos);
}
