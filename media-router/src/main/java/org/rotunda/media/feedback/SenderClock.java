package org.rotunda.media.feedback;

/**
 * The wall clock of one received stream, from its sender reports (RFC 3550 §6.4.1): which NTP time an RTP timestamp
 * stands for. Layers of one publication start at random timestamps, so switching between them and lip-sync at the
 * receiver both need it. Owned by one event loop.
 */
public final class SenderClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int clockRateHz;
    private boolean known;
    private long ntpTimestamp;
    private int rtpTimestamp;
    private long arrivalNanos;

    public SenderClock(int clockRateHz) {
        this.clockRateHz = clockRateHz;
    }

    public void onSenderReport(long ntpTimestamp, int rtpTimestamp, long nowNanos) {
        known = true;
        this.ntpTimestamp = ntpTimestamp;
        this.rtpTimestamp = rtpTimestamp;
        arrivalNanos = nowNanos;
    }

    /** Whether a sender report has come; every other method here requires it. */
    public boolean isKnown() {
        return known;
    }

    /** The sender's NTP time as of now: that of its last report plus the time since it came. */
    public long ntpAt(long nowNanos) {
        return NtpTime.plusNanos(ntpTimestamp, nowNanos - arrivalNanos);
    }

    /** The stream's RTP timestamp as of now, raw 32 bits. */
    public int rtpAt(long nowNanos) {
        return rtpTimestamp + (int) clockUnits(nowNanos - arrivalNanos);
    }

    /** The NTP time of an RTP timestamp at most half the timestamp range away from the last report. */
    public long ntpOf(int timestamp) {
        int units = timestamp - rtpTimestamp; // The short way round.
        return NtpTime.plusNanos(ntpTimestamp, units * NANOS_PER_SECOND / clockRateHz);
    }

    /** The RTP timestamp of an NTP time, raw 32 bits. */
    public int rtpOf(long ntp) {
        return rtpTimestamp + (int) clockUnits(NtpTime.differenceNanos(ntp, ntpTimestamp));
    }

    private long clockUnits(long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long rest = Math.floorMod(nanos, NANOS_PER_SECOND) * clockRateHz;
        return seconds * clockRateHz + (rest + NANOS_PER_SECOND / 2) / NANOS_PER_SECOND;
    }
}
