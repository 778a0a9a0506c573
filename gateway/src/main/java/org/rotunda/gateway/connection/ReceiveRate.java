package org.rotunda.gateway.connection;

import com.typesafe.config.Config;
import org.rotunda.gateway.signal.SignalLimits;

/**
 * The limits of the rate at which one client may send, for two token buckets. {@code reference.conf} explains each key.
 *
 * @param framesBurst the maximum number of frames that a client may send at once after a pause
 * @param charsBurst the maximum number of characters that a client may send at once after a pause
 */
public record ReceiveRate(int framesPerSecond, int framesBurst, int charsPerSecond, int charsBurst) {
    /**
     * The lowest allowed value of {@code charsPerSecond}. At this rate a client that has sent the longest frame waits
     * for up to 16 s.
     */
    static final int CHARS_PER_SECOND_MIN = 64 * 1024;

    private static final int FRAMES_BURST_MIN = 8;

    public ReceiveRate {
        if (framesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "rotunda.signaling.receive-frames-per-second must be at least 1: " + framesPerSecond);
        }
        if (framesBurst < FRAMES_BURST_MIN) {
            throw new IllegalArgumentException(
                    "rotunda.signaling.receive-frames-burst must be at least " + FRAMES_BURST_MIN + ": " + framesBurst);
        }
        if (charsPerSecond < CHARS_PER_SECOND_MIN) {
            throw new IllegalArgumentException(
                    "rotunda.signaling.receive-chars-per-second must be at least 64 KiB: " + charsPerSecond);
        }
        // A client with a full bucket must never have to wait after one frame of the maximum length.
        if (charsBurst < SignalLimits.FRAME_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "rotunda.signaling.receive-chars-burst must be at least 1 MiB: " + charsBurst);
        }
    }

    /** @param signaling the section {@code rotunda.signaling} */
    static ReceiveRate from(Config signaling) {
        return new ReceiveRate(
                signaling.getInt("receive-frames-per-second"),
                signaling.getInt("receive-frames-burst"),
                Math.toIntExact(signaling.getBytes("receive-chars-per-second")),
                Math.toIntExact(signaling.getBytes("receive-chars-burst")));
    }
}
