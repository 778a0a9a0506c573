package org.rotunda.media.congestion;

/** The rate of what was sent in the last one to two seconds. Owned by one event loop. */
final class SentRate {
    static final long BUCKET_NANOS = 1_000_000_000;

    private long began = Long.MIN_VALUE;
    private long bytes;
    private double lastBps;

    void onSent(int sizeBytes, long nowNanos) {
        roll(nowNanos);
        bytes += sizeBytes;
    }

    /** Returns the rate of the last whole second, or of the current one if that is higher already. */
    double bps(long nowNanos) {
        roll(nowNanos);
        return Math.max(lastBps, bytes * 8.0);
    }

    private void roll(long nowNanos) {
        if (began == Long.MIN_VALUE) {
            began = nowNanos;
        }
        if (nowNanos - began >= BUCKET_NANOS) {
            lastBps = nowNanos - began < 2 * BUCKET_NANOS ? bytes * 8.0 : 0;
            bytes = 0;
            began = nowNanos - (nowNanos - began) % BUCKET_NANOS;
        }
    }
}
