package org.rotunda.media.forward;

/**
 * Measures one encoding: the bit rate of each temporal layer together with the layers below it, and the frame rate.
 * Each result is the median of the last five whole seconds. A shorter measurement could catch a burst and show a rate
 * that is far too high. Seconds are counted from the first packet, so that the first whole second is complete.
 *
 * <p>Without garbage, and a few additions per packet. Owned by one event loop.
 */
final class LayerMeter {
    static final int BUCKETS = 5;

    /** The number of temporal layers that a packet can name: a layer id has two bits (RFC 7741 §4.2). */
    static final int TEMPORAL_LAYERS = 4;

    private static final long BUCKET_NANOS = 1_000_000_000L;
    private static final int SLOTS = BUCKETS + 1; // The extra slot counts the current second.

    private final int[] bytes = new int[SLOTS * TEMPORAL_LAYERS];
    private final int[] frames = new int[SLOTS];
    private final int[] sorted = new int[BUCKETS];
    private boolean started;
    private long originNanos;
    private long second; // The current second since the origin.
    private int whole; // The number of complete buckets, at most BUCKETS.

    /**
     * Counts a packet with media.
     *
     * @param temporalId the temporal layer of the packet, 0 to 3
     * @param isNewFrame true if the packet is the first of its frame to arrive
     */
    void onPacket(int lengthBytes, int temporalId, boolean isNewFrame, long nowNanos) {
        advance(nowNanos);
        int slot = slot(second);
        bytes[slot * TEMPORAL_LAYERS + temporalId] += lengthBytes;
        if (isNewFrame) {
            frames[slot]++;
        }
    }

    /**
     * Returns the bit rate of the temporal layers up to {@code temporalMax}, or 0 before the first whole second. A
     * value of {@link #TEMPORAL_LAYERS} - 1 or more gives the bit rate of the whole encoding.
     */
    long bitrateBps(int temporalMax, long nowNanos) {
        if (!started) {
            return 0;
        }
        advance(nowNanos);
        for (int i = 0; i < whole; i++) {
            int at = slot(second - 1 - i) * TEMPORAL_LAYERS;
            int sum = 0;
            for (int layer = 0; layer <= Math.min(temporalMax, TEMPORAL_LAYERS - 1); layer++) {
                sum += bytes[at + layer];
            }
            insert(sum, i);
        }
        return 8L * median();
    }

    /** Returns the frame rate, or 0 before the first whole second. */
    int framesPerSecond(long nowNanos) {
        if (!started) {
            return 0;
        }
        advance(nowNanos);
        for (int i = 0; i < whole; i++) {
            insert(frames[slot(second - 1 - i)], i);
        }
        return median();
    }

    /**
     * Returns the number of temporal layers that were used in the measured seconds; layers above them had no packets.
     * It is 0 before the first whole second and after five seconds without packets.
     */
    int temporalLayers(long nowNanos) {
        if (!started) {
            return 0;
        }
        advance(nowNanos);
        int layers = 0;
        for (int i = 0; i < whole; i++) {
            int at = slot(second - 1 - i) * TEMPORAL_LAYERS;
            for (int layer = layers; layer < TEMPORAL_LAYERS; layer++) {
                if (bytes[at + layer] > 0) {
                    layers = layer + 1;
                }
            }
        }
        return layers;
    }

    /** Adds the value number {@code count} to the sorted values. */
    private void insert(int value, int count) {
        int at = count;
        while (at > 0 && sorted[at - 1] > value) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = value;
    }

    private int median() {
        return whole == 0 ? 0 : sorted[whole / 2];
    }

    private void advance(long nowNanos) {
        if (!started || nowNanos - originNanos >= (second + 1 + BUCKETS) * BUCKET_NANOS) {
            started = true;
            originNanos = nowNanos;
            second = 0;
            whole = 0;
            clear(slot(0));
            return;
        }
        while (nowNanos - originNanos >= (second + 1) * BUCKET_NANOS) {
            second++;
            whole = Math.min(BUCKETS, whole + 1);
            clear(slot(second));
        }
    }

    private void clear(int slot) {
        frames[slot] = 0;
        for (int layer = 0; layer < TEMPORAL_LAYERS; layer++) {
            bytes[slot * TEMPORAL_LAYERS + layer] = 0;
        }
    }

    private static int slot(long number) {
        return (int) (number % SLOTS);
    }
}
