package org.rotunda.media.feedback;

/** Bytes and packets per second over the last second, without garbage. Owned by one event loop. */
public final class RateMeter {
    static final int BUCKETS = 20;
    static final long BUCKET_NANOS = 50_000_000L;
    public static final long WINDOW_NANOS = BUCKETS * BUCKET_NANOS;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long[] bytes = new long[BUCKETS];
    private final int[] packets = new int[BUCKETS];
    private boolean started;
    private long startNanos;
    private long newest; // Bucket number since the epoch of the clock.
    private long windowBytes;
    private long windowPackets;

    public void onPacket(int sizeBytes, long nowNanos) {
        if (!started) {
            started = true;
            startNanos = nowNanos;
            newest = Math.floorDiv(nowNanos, BUCKET_NANOS);
        }
        advanceTo(nowNanos);
        int slot = slot(newest);
        bytes[slot] += sizeBytes;
        packets[slot]++;
        windowBytes += sizeBytes;
        windowPackets++;
    }

    public long bitrateBps(long nowNanos) {
        advanceTo(nowNanos);
        return 8 * windowBytes * NANOS_PER_SECOND / spanNanos(nowNanos);
    }

    public long packetsPerSecond(long nowNanos) {
        advanceTo(nowNanos);
        return windowPackets * NANOS_PER_SECOND / spanNanos(nowNanos);
    }

    /**
     * The time the buckets stand for. In the first second only the time since the start, but never less than a quarter
     * of a second: one large packet is no rate.
     */
    private long spanNanos(long nowNanos) {
        long full = WINDOW_NANOS - BUCKET_NANOS + Math.floorMod(nowNanos, BUCKET_NANOS) + 1;
        long sinceStart = started ? nowNanos - startNanos : 0;
        return Math.min(full, Math.max(sinceStart, WINDOW_NANOS / 4));
    }

    private void advanceTo(long nowNanos) {
        long bucket = Math.floorDiv(nowNanos, BUCKET_NANOS);
        if (!started || bucket <= newest) {
            return;
        }
        long firstStale = Math.max(newest + 1, bucket - BUCKETS + 1);
        for (long stale = firstStale; stale <= bucket; stale++) {
            int slot = slot(stale);
            windowBytes -= bytes[slot];
            windowPackets -= packets[slot];
            bytes[slot] = 0;
            packets[slot] = 0;
        }
        newest = bucket;
    }

    private static int slot(long bucket) {
        return Math.floorMod(bucket, BUCKETS);
    }
}
