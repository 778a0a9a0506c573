package org.rotunda.media.forward;

/**
 * Maps a publisher's wall clock to our clock by means of its sender reports (RFC 3550 §6.4.1). Each publishing
 * participant has one clock for audio and video. With separate offsets, the jitter of single reports would break lip
 * sync.
 *
 * <p>The offset between the two clocks includes the time that a report took to arrive. A report that took less time
 * lowers the offset at once. A report that took more time raises the offset only slowly, so that queueing delay is
 * filtered out.
 */
public final class SourceClock {
    // If a report would raise the offset by more than this, the publisher's clock was changed. The offset then takes
    // the new value at once.
    private static final long JUMP_NANOS = 1_000_000_000L;
    // A report that took more time than the offset includes raises the offset by 1/64 of the difference.
    private static final int FORGET_SHIFT = 6;

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

    /** Takes over the offset of another clock of the same publisher, unless it knows none. */
    void follow(SourceClock other) {
        if (other.known) {
            known = true;
            offsetNanos = other.offsetNanos;
        }
    }

    public boolean isKnown() {
        return known;
    }

    /**
     * Returns the time on our clock at which the publisher's clock showed {@code ntpNanos}. Requires {@link #isKnown}.
     */
    public long toLocalNanos(long ntpNanos) {
        return ntpNanos + offsetNanos;
    }

    public void reset() {
        known = false;
    }
}
