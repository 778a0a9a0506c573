package org.rotunda.media.feedback;

/**
 * Conversions of NTP timestamps (RFC 3550 §4): 32 bits of seconds since 1900, 32 bits of fraction. Time is always an
 * argument; nothing here reads a clock.
 */
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

    /** {@code a - b} in nanoseconds, for timestamps less than 68 years apart, across the roll-over of 2036 too. */
    public static long differenceNanos(long a, long b) {
        long difference = a - b; // Signed 32.32 fixed point.
        return (difference >> 32) * NANOS_PER_SECOND + (((difference & 0xFFFF_FFFFL) * NANOS_PER_SECOND) >>> 32);
    }

    /** The timestamp so many nanoseconds later, or earlier if negative. */
    public static long plusNanos(long ntpTimestamp, long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long fraction = (Math.floorMod(nanos, NANOS_PER_SECOND) << 32) / NANOS_PER_SECOND;
        return ntpTimestamp + (seconds << 32) + fraction;
    }

    /** The middle 32 bits, as LSR carries them. */
    public static int middle32(long ntpTimestamp) {
        return (int) (ntpTimestamp >>> 16);
    }

    /** Nanoseconds as units of 1/65536 s, as DLSR carries them; at most 2^32 - 1. */
    public static int toUnits65536(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        if (seconds >= 1 << 16) {
            return -1;
        }
        return (int) (seconds << 16 | ((nanos % NANOS_PER_SECOND) << 16) / NANOS_PER_SECOND);
    }

    /** Units of 1/65536 s (unsigned 32 bits) as nanoseconds. */
    public static long ofUnits65536(long units) {
        return (units * NANOS_PER_SECOND) >> 16;
    }
}
