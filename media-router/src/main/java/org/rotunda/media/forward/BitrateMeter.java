package org.rotunda.media.forward;

/**
 * Measures the bit rate of one encoding as the median of the last five whole seconds. A shorter measurement could catch
 * a burst and show a bit rate that is far too high.
 */
final class BitrateMeter {
    static final int BUCKETS = 5;
    private static final long BUCKET_NANOS = 1_000_000_000L;

    private final long[] bytes = new long[BUCKETS + 1]; // The extra bucket counts the current second.
    private final long[] sorted = new long[BUCKETS];
    private long second = Long.MIN_VALUE; // The current second; MIN_VALUE before the first packet.
    private int whole; // The number of complete buckets, at most BUCKETS.

    void onPacket(int lengthBytes, long nowNanos) {
        advance(nowNanos);
        bytes[slot(second)] += lengthBytes;
    }

    /** Returns the bit rate, or 0 before the first whole second. */
    long bitrateBps(long nowNanos) {
        if (second == Long.MIN_VALUE) {
            return 0;
        }
        advance(nowNanos);
        if (whole == 0) {
            return 0;
        }
        for (int i = 0; i < whole; i++) { // An insertion sort of at most five numbers.
            long value = bytes[slot(second - 1 - i)];
            int at = i;
            while (at > 0 && sorted[at - 1] > value) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = value;
        }
        return 8 * sorted[whole / 2];
    }

    private void advance(long nowNanos) {
        long currentSecond = Math.floorDiv(nowNanos, BUCKET_NANOS);
        if (second == Long.MIN_VALUE || currentSecond - second > BUCKETS) {
            second = currentSecond;
            whole = 0;
            bytes[slot(second)] = 0;
            return;
        }
        while (second < currentSecond) {
            second++;
            whole = Math.min(BUCKETS, whole + 1);
            bytes[slot(second)] = 0;
        }
    }

    private int slot(long number) {
        return Math.floorMod(number, bytes.length);
    }
}
