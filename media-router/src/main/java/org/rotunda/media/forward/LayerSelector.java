package org.rotunda.media.forward;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Decides which encoding of a simulcast track one subscription forwards, and asks for the key frames that this takes.
 *
 * <p>The <em>target</em> is the highest flowing encoding that is allowed; the <em>current</em> encoding goes on until a
 * key frame of the target arrives. Key frames are asked for only while the two differ, never because the allowed one
 * does not flow. Sans-IO; owned by one event loop.
 */
final class LayerSelector {
    static final int NONE = -1;
    static final int TEMPORAL_LAYER_MAX = 3; // Two bits on the wire.

    static final long KEY_FRAME_RETRY_NANOS = 500_000_000L;
    static final long KEY_FRAME_RETRY_MAX_NANOS = 4_000_000_000L;

    /** One request makes a publisher send key frames on all encodings; the target's own is about to come. */
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
     * Looks again at what flows.
     *
     * @param isStartAtHand a key frame is just arriving: asking for another one can wait until it proves useless
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
        // Nothing allowed flows: a static screen or a publisher off the air. What comes back continues where it was.
        return current <= spatialMax ? current : NONE;
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

    /** The subscriber's decoder lost its way (PLI or FIR). */
    void onPictureLoss(long nowNanos) {
        int encoding = current != NONE ? current : target;
        if (encoding != NONE && !paused && source.isVideo()) {
            sink.requestKeyFrame(encoding, nowNanos);
        }
    }

    /** Whether a key frame of this encoding should be switched to. */
    boolean isSwitchWanted(int encoding) {
        if (paused || target == NONE) {
            return false;
        }
        // With nothing to show, a lower encoding is better than waiting for the right one.
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

    /** The current encoding's stream is no more. */
    void onSourceLost(long nowNanos, boolean isStartAtHand) {
        current = NONE;
        update(nowNanos, isStartAtHand);
    }

    /** Which temporal layers to forward now: while a downgrade is pending the base only, while an upgrade is, all. */
    int temporalLayerWanted() {
        if (current == target || current == NONE) {
            return temporalMax;
        }
        if (target == NONE) {
            return current > spatialMax ? 0 : temporalMax; // Nothing allowed flows: the least of what does.
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
