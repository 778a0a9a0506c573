package org.rotunda.media.transport;

/**
 * The bit rates of the RTP packets to one client, as lengths of UDP payloads. Sans-IO; allocates nothing; owned by one
 * event loop.
 */
final class SentRates {
    private static final int BUCKETS = 10;
    private static final long BUCKET_NANOS = 100_000_000L;
    private static final int PEAK_SECONDS = 5;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Buckets sent = new Buckets(BUCKET_NANOS, BUCKETS);
    private final Buckets audio = new Buckets(SECOND_NANOS, PEAK_SECONDS);
    private long bytes;

    void onSent(int lengthBytes, long nowNanos) {
        sent.add(lengthBytes, nowNanos);
        bytes += lengthBytes;
    }

    /** Counts a packet of audio, in addition to {@link #onSent}. */
    void onAudio(int lengthBytes, long nowNanos) {
        audio.add(lengthBytes, nowNanos);
    }

    /** Returns the bit rate of all packets in the last whole second, in steps of 100 ms. */
    long sentBps(long nowNanos) {
        return 8 * sent.sum(nowNanos);
    }

    /** Returns the highest bit rate of audio in one of the last five whole seconds or in the current second. */
    long audioPeakBps(long nowNanos) {
        return 8 * audio.max(nowNanos);
    }

    /** Returns the number of bytes sent since the start. */
    long bytes() {
        return bytes;
    }

    /** Counts in the current interval and in some whole intervals before it. */
    static final class Buckets {
        private final long intervalNanos;
        private final long[] counts; // One more than the whole intervals, for the current interval.
        private long current = Long.MIN_VALUE; // The number of the current interval; MIN_VALUE before the first count.
        private int slot; // The index of the current interval.
        private long endNanos = Long.MIN_VALUE; // The end of the current interval.

        Buckets(long intervalNanos, int intervals) {
            this.intervalNanos = intervalNanos;
            this.counts = new long[intervals + 1];
        }

        void add(long count, long nowNanos) {
            if (nowNanos >= endNanos) { // A division for each packet would cost more than the rest.
                advance(nowNanos);
            }
            counts[slot] += count;
        }

        /** Returns the sum of the whole intervals. */
        long sum(long nowNanos) {
            if (current == Long.MIN_VALUE) {
                return 0;
            }
            advance(nowNanos);
            long sum = 0;
            for (int back = 1; back < counts.length; back++) {
                sum += counts[slot(current - back)];
            }
            return sum;
        }

        /** Returns the largest count of an interval, the current interval included. */
        long max(long nowNanos) {
            if (current == Long.MIN_VALUE) {
                return 0;
            }
            advance(nowNanos);
            long max = 0;
            for (long count : counts) {
                max = Math.max(max, count);
            }
            return max;
        }

        private void advance(long nowNanos) {
            long interval = Math.floorDiv(nowNanos, intervalNanos);
            if (current == Long.MIN_VALUE) {
                current = interval;
            }
            if (interval - current > counts.length) {
                current = interval - counts.length;
            }
            while (current < interval) {
                current++;
                counts[slot(current)] = 0;
            }
            slot = slot(current);
            endNanos = (current + 1) * intervalNanos;
        }

        private int slot(long interval) {
            return Math.floorMod(interval, counts.length);
        }
    }
}
