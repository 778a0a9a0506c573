package org.rotunda.media.forward;

/**
 * Places a publisher's wall clock on ours, from its sender reports (RFC 3550 §6.4.1). One per publishing participant:
 * audio and video must be mapped by the same offset, or the jitter of single reports would break lip sync.
 *
 * <p>The offset follows the fastest report at once and forgets it slowly, which filters queueing delay.
 */
public final class SourceClock {
    private static final long JUMP_NANOS = 1_000_000_000L; // The publisher's clock was set; start over.
    private static final int FORGET_SHIFT = 6; // A 64th of the distance per report.

    private boolean known;
    private long offsetNanos;

    /** Converts a 64-bit NTP timestamp (32.32 fixed-point seconds since 1900) to nanoseconds. */
    public static long ntpToNanos(long ntp) {
        return (ntp >>> 32) * 1_000_000_000L + (((ntp & 0xFFFF_FFFFL) * 1_000_000_000L) >>> 32);
    }

    public void onSenderReport(long ntpNanos, long nowNanos) {
        long sample = nowNanos - ntpNanos;
        if (!known || sample < offsetNanos || sample - offsetNanos > JUMP_NANOS) {
            offsetNanos = sample;
        } else {
            offsetNanos += (sample - offsetNanos) >> FORGET_SHIFT;
        }
        known = true;
    }

    public boolean isKnown() {
        return known;
    }

    /** Returns the time on our clock at which the publisher's clock showed this. Requires {@link #isKnown}. */
    public long toLocalNanos(long ntpNanos) {
        return ntpNanos + offsetNanos;
    }

    public void reset() {
        known = false;
    }
}
