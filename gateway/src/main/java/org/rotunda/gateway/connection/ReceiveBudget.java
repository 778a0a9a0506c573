package org.rotunda.gateway.connection;

import java.time.Duration;
import java.time.Instant;

/**
 * The budget of one client for the frames that it sends, as a token bucket of frames and a token bucket of characters.
 * A frame that was read is always handled, even if it overdraws the budget. In that case the session reads no further
 * frame until the budget is no longer overdrawn. A client that sends too much therefore waits, and loses no frame.
 * Sans-IO; owned by one session.
 */
final class ReceiveBudget {
    private static final double NANOS_PER_SECOND = 1e9;

    private final ReceiveRate rate;
    private double frames;
    private double chars;
    private Instant filledAt;

    ReceiveBudget(ReceiveRate rate, Instant now) {
        this.rate = rate;
        this.frames = rate.framesBurst();
        this.chars = rate.charsBurst();
        this.filledAt = now;
    }

    /**
     * Takes a frame from the budget. Returns the time after which the next frame may be read. The time is zero if the
     * budget is not overdrawn.
     *
     * @param cost the number of frames that this frame counts as
     */
    Duration take(int cost, int frameChars, Instant now) {
        fill(now);
        frames -= cost;
        chars -= frameChars;
        double seconds = Math.max(-frames / rate.framesPerSecond(), -chars / rate.charsPerSecond());
        return seconds <= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(seconds * NANOS_PER_SECOND));
    }

    private void fill(Instant now) {
        Duration since = Duration.between(filledAt, now);
        filledAt = now;
        if (since.isNegative()) {
            return; // The clock was set back, so the budget does not grow.
        }
        double seconds = since.toNanos() / NANOS_PER_SECOND;
        frames = Math.min(rate.framesBurst(), frames + seconds * rate.framesPerSecond());
        chars = Math.min(rate.charsBurst(), chars + seconds * rate.charsPerSecond());
    }
}
