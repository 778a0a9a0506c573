package org.rotunda.media.forward;

/**
 * Receives a subscription's requests for key frames. The implementation merges and rate-limits the requests of all
 * subscriptions.
 */
public interface KeyFrameSink {
    void requestKeyFrame(int encoding, long nowNanos);
}
