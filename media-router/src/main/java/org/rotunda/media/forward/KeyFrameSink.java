package org.rotunda.media.forward;

/** Where a subscription asks for key frames. The receiver merges and rate-limits what all subscriptions want. */
public interface KeyFrameSink {
    void requestKeyFrame(int encoding, long nowNanos);
}
