package org.rotunda.media.feedback;

/** Converts NTP timestamps (RFC 3550 §4), which have 32 bits of seconds since 1900 and 32 bits of fraction. */
public final class NtpTime {
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private NtpTime() {}

    /** The NTP timestamp of a time in nanoseconds since 1970. */
    public static long ofUnixNanos(long unixNanos) {
        long seconds = Math.floorDiv(unixNanos, NANOS_PER_SECOND) + SECONDS_1900_TO_1970;
        long fraction = (Math.floorMod(unixNanos, NANOS_PER_SECOND) << 32) / NANOS_PER_SECOND;
        return seconds << 32 | fraction;
    }

    /**
     * Returns {@code a - b} in nanoseconds for timestamps less than 68 years apart, also across the roll-over of 2036.
     */
    public static long differenceNanos(long a, long b) {
        long difference = a - b; // The difference is signed 32.32 fixed point.
        return (difference >> 32) * NANOS_PER_SECOND + (((difference & 0xFFFF_FFFFL) * NANOS_PER_SECOND) >>> 32);
    }

    /** Returns the timestamp that is {@code nanos} later, or earlier if {@code nanos} is negative. */
    public static long plusNanos(long ntpTimestamp, long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long fraction = (Math.floorMod(nanos, NANOS_PER_SECOND) << 32) / NANOS_PER_SECOND;
        return ntpTimestamp + (seconds << 32) + fraction;
    }

    /** Returns the middle 32 bits of a timestamp, which the LSR field carries. */
    public static int middle32(long ntpTimestamp) {
        return (int) (ntpTimestamp >>> 16);
    }

    /** Converts nanoseconds to units of 1/65536 s for the DLSR field. The result is unsigned and at most 2^32 - 1. */
    public static int toUnits65536(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        if (seconds >= 1 << 16) {
            return -1;
        }
        return (int) (seconds << 16 | ((nanos % NANOS_PER_SECOND) << 16) / NANOS_PER_SECOND);
    }

    /** Converts units of 1/65536 s (unsigned 32 bits) to nanoseconds. */
    public static long ofUnits65536(long units) {
        return (units * NANOS_PER_SECOND) >> 16;
    }
}
