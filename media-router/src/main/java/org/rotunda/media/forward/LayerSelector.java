package org.rotunda.media.forward;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Decides which encoding of a simulcast track one subscription forwards, and requests the necessary key frames.
 *
 * <p>An encoding flows while its media arrives. The <em>target</em> is the highest allowed encoding that flows, or that
 * flowed before the whole track became silent. The
 * <em>current</em> encoding is forwarded until a key frame of the target arrives. Key frames are requested while the
 * target and the current encoding differ, and when the subscriber asks for a key frame. Sans-IO; owned by one event
 * loop.
 */
final class LayerSelector {
    static final int NONE = -1;
    static final int TEMPORAL_LAYER_MAX = 3; // The temporal layer id has two bits on the wire.

    static final long KEY_FRAME_RETRY_NANOS = 500_000_000L;
    static final long KEY_FRAME_RETRY_MAX_NANOS = 4_000_000_000L;

    /**
     * The wait for the target's key frame after a key frame of another encoding. A publisher answers one request with
     * key frames on all encodings, so the target's key frame usually follows in this time.
     */
    static final long KEY_FRAME_GROUP_NANOS = 300_000_000L;

    private final SourceTrack source;
    private final KeyFrameSink sink;
    private int spatialMax;
    private int temporalMax = TEMPORAL_LAYER_MAX;
    private boolean paused = true;
    private int current = NONE;
    private int target = NONE;
    private long deadlineNanos = NO_DEADLINE;
    private long retryNanos = KEY_FRAME_RETRY_NANOS;

    LayerSelector(SourceTrack source, KeyFrameSink sink) {
        this.source = source;
        this.sink = sink;
    }

    void setDesired(int newSpatialMax, int newTemporalMax, boolean newPaused, long nowNanos) {
        spatialMax = newSpatialMax;
        temporalMax = newTemporalMax;
        paused = newPaused;
        if (newPaused) {
            current = NONE;
        }
        update(nowNanos, false);
    }

    /**
     * Chooses the target again from the encodings that flow.
     *
     * @param isStartAtHand true if a key frame is arriving, which may make a request unnecessary; the request then
     *     waits
     */
    void update(long nowNanos, boolean isStartAtHand) {
        int newTarget = paused ? NONE : highestFlowing();
        if (!isKeyFrameNeeded(newTarget)) {
            deadlineNanos = NO_DEADLINE;
        } else if (newTarget != target || deadlineNanos == NO_DEADLINE) {
            retryNanos = KEY_FRAME_RETRY_NANOS;
            target = newTarget;
            if (isStartAtHand) {
                deadlineNanos = nowNanos + KEY_FRAME_GROUP_NANOS;
            } else {
                request(nowNanos);
            }
        }
        target = newTarget;
    }

    private boolean isKeyFrameNeeded(int newTarget) {
        return source.isVideo() && newTarget != NONE && newTarget != current;
    }

    private int highestFlowing() {
        if (!source.isVideo()) {
            return 0;
        }
        for (int i = Math.min(spatialMax, source.encodingCount() - 1); i >= 0; i--) {
            if (source.encoding(i).isActive()) {
                return i;
            }
        }
        // No allowed encoding flows, for example because a shared screen is static or the publisher is gone. If the
        // current encoding flows again, it is forwarded as before.
        if (current != NONE) {
            return current <= spatialMax ? current : NONE;
        }
        for (int i = Math.min(spatialMax, source.encodingCount() - 1); i >= 0; i--) {
            if (source.encoding(i).isAsleep()) {
                return i; // The publisher is asked for a key frame of the still picture.
            }
        }
        return NONE;
    }

    void onTimeout(long nowNanos) {
        if (nowNanos >= deadlineNanos) {
            retryNanos = Math.min(2 * retryNanos, KEY_FRAME_RETRY_MAX_NANOS);
            request(nowNanos);
        }
    }

    private void request(long nowNanos) {
        deadlineNanos = nowNanos + retryNanos;
        sink.requestKeyFrame(target, nowNanos);
    }

    /** Requests a key frame, because the subscriber's decoder needs one (PLI or FIR). */
    void onPictureLoss(long nowNanos) {
        int encoding = current != NONE ? current : target;
        if (encoding != NONE && !paused && source.isVideo()) {
            sink.requestKeyFrame(encoding, nowNanos);
        }
    }

    /** Returns whether to switch to this encoding at its key frame. */
    boolean isSwitchWanted(int encoding) {
        if (paused || target == NONE) {
            return false;
        }
        // If the current encoding does not flow, a lower encoding is better than a wait for the target.
        return encoding == target
                || (encoding < target
                        && (current == NONE || !source.encoding(current).isActive()));
    }

    void onSwitched(int encoding, long nowNanos) {
        current = encoding;
        if (current == target || !source.isVideo()) {
            deadlineNanos = NO_DEADLINE;
        } else {
            retryNanos = KEY_FRAME_RETRY_NANOS;
            deadlineNanos = nowNanos + KEY_FRAME_GROUP_NANOS;
        }
    }

    /** Forgets the current encoding, because its stream has ended, and chooses the target again. */
    void onSourceLost(long nowNanos, boolean isStartAtHand) {
        current = NONE;
        update(nowNanos, isStartAtHand);
    }

    /**
     * The highest temporal layer to forward now. While a switch to a lower encoding is pending, only the base layer is
     * forwarded. While a switch to a higher encoding is pending, all temporal layers are forwarded, even above the
     * limit.
     */
    int temporalLayerWanted() {
        if (current == target || current == NONE) {
            return temporalMax;
        }
        if (target == NONE) {
            // No allowed encoding flows. If the current encoding is above the limit, only its base layer is sent.
            return current > spatialMax ? 0 : temporalMax;
        }
        return current > target ? 0 : TEMPORAL_LAYER_MAX;
    }

    long nextDeadlineNanos() {
        return deadlineNanos;
    }

    boolean isPaused() {
        return paused;
    }

    int current() {
        return current;
    }

    int target() {
        return target;
    }
}
