package org.rotunda.media.feedback;

import org.jspecify.annotations.Nullable;

/**
 * Spaces the key-frame requests of all encodings of one track. Chromium answers a request for one encoding with key
 * frames on all encodings, so a request for a second encoding waits until these key frames must have come.
 *
 * <p>When many subscribers ask within a short time, for example when they all join or all change their layers, then the
 * next request waits longer, so that it serves more of them. Each track has one group. Owned by one event loop.
 */
public final class KeyFrameGroup {
    /**
     * The time after a request to one encoding during which no other encoding is asked. Chromium ignores a second
     * request within this time too.
     */
    static final long GROUP_NANOS = 300_000_000L;

    /** The number of askers since the last request from which on they are a crowd. */
    static final int CROWD_ASKERS = 3;

    /** The time between two requests to the track while a crowd asks. */
    static final long CROWD_INTERVAL_NANOS = 1_000_000_000L;

    /** The number of askers since the last request from which on they are a large crowd. */
    static final int LARGE_CROWD_ASKERS = 8;

    /** The time between two requests to the track while a large crowd asks. */
    static final long LARGE_CROWD_INTERVAL_NANOS = 1_500_000_000L;

    private @Nullable KeyFrameRequests lastSender; // Null before the first request.
    private long lastSentNanos;
    private int askers; // The number of calls since the last request.

    void onAsked() {
        askers++;
    }

    void onSent(KeyFrameRequests sender, long nowNanos) {
        lastSender = sender;
        lastSentNanos = nowNanos;
        askers = 0;
    }

    /** Returns the time from which a subscriber's request may go out to the publisher. */
    long earliestNanos() {
        if (lastSender == null) {
            return Long.MIN_VALUE;
        }
        return lastSentNanos + intervalNanos();
    }

    private long intervalNanos() {
        if (askers >= LARGE_CROWD_ASKERS) {
            return LARGE_CROWD_INTERVAL_NANOS;
        }
        return askers >= CROWD_ASKERS ? CROWD_INTERVAL_NANOS : GROUP_NANOS;
    }

    /**
     * Returns the time from which the repeat of an unanswered request may go out. Only a request to another encoding
     * delays it.
     */
    long earliestRepeatNanos(KeyFrameRequests sender) {
        return lastSender == null || lastSender == sender ? Long.MIN_VALUE : lastSentNanos + GROUP_NANOS;
    }
}
