package org.rotunda.record.take;

import java.time.Duration;

/**
 * How takes record.
 *
 * @param flushInterval the time of media, and the time since the last flush, after which bytes leave for the disk
 * @param keyFrameInterval the time without a key frame after which one is asked for; zero: never
 * @param fillSilence whether holes of audio are filled
 */
public record TakeSettings(Duration flushInterval, Duration keyFrameInterval, boolean fillSilence) {
    public static final TakeSettings DEFAULT = new TakeSettings(Duration.ofMillis(500), Duration.ofSeconds(30), true);

    public TakeSettings {
        if (flushInterval.toMillis() < 1 || flushInterval.toSeconds() > 10) {
            throw new IllegalArgumentException(
                    "rotunda.recording.flush-interval must be 1 ms to 10 s: " + flushInterval);
        }
        if (keyFrameInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "rotunda.recording.key-frame-interval must not be negative: " + keyFrameInterval);
        }
    }
}
