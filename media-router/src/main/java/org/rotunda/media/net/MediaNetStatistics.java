package org.rotunda.media.net;

import java.util.concurrent.atomic.AtomicLongArray;
import org.rotunda.media.control.DelayDistribution;

/**
 * The counts of one loop's port. Only the loop writes them, without locked instructions. Any thread may read them, and
 * may then get slightly old figures.
 */
public final class MediaNetStatistics {
    /** Upper ends of the buckets of {@link #sendsBySegments}: a send of 3 datagrams counts under 4. */
    private static final int[] SEGMENTS_BUCKETS = {1, 2, 4, 8, 16, 32, 64};

    // Indices in the array of counters.
    private static final int DATAGRAMS_IN = 0;
    private static final int BYTES_IN = 1;
    private static final int READ_BATCHES = 2;
    private static final int DATAGRAMS_OUT = 3;
    private static final int BYTES_OUT = 4;
    private static final int SEND_FAILURES = 5;
    private static final int SEND_QUEUE_DROPS = 6;
    private static final int SEGMENTED_SEND_FAILURES = 7;
    private static final int CORE_FAILURES = 8;
    private static final int TASKS = 9;
    private static final int DELAY_NANOS = 10;
    private static final int COUNTERS = 11;

    private final AtomicLongArray counters = new AtomicLongArray(COUNTERS);
    private final AtomicLongArray sends = new AtomicLongArray(SEGMENTS_BUCKETS.length);
    private final AtomicLongArray delays = new AtomicLongArray(DelayDistribution.BUCKETS);

    private static void add(AtomicLongArray array, int index, long delta) {
        array.setOpaque(index, array.getPlain(index) + delta); // There is one writer, so no compare-and-set is needed.
    }

    private void add(int counter, long delta) {
        add(counters, counter, delta);
    }

    private long get(int counter) {
        return counters.getOpaque(counter);
    }

    void onReadBatch(long datagrams, long bytes) {
        add(READ_BATCHES, 1);
        add(DATAGRAMS_IN, datagrams);
        add(BYTES_IN, bytes);
    }

    void onSend(int segments, long bytes) {
        add(DATAGRAMS_OUT, segments);
        add(BYTES_OUT, bytes);
        add(sends, bucketOf(segments), 1);
    }

    private static int bucketOf(int segments) {
        return segments <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(segments - 1);
    }

    /** Counts the datagrams sent in the turn of a read batch, and how long after the batch's arrival they were sent. */
    void onBatchSent(long datagrams, long delayNanos) {
        add(delays, DelayDistribution.bucketOf(delayNanos), datagrams);
        add(DELAY_NANOS, datagrams * delayNanos);
    }

    void onSendFailure(int datagrams) {
        add(SEND_FAILURES, datagrams);
    }

    void onSegmentedSendFailure() {
        add(SEGMENTED_SEND_FAILURES, 1);
    }

    void onSendQueueDrop(int datagrams) {
        add(SEND_QUEUE_DROPS, datagrams);
    }

    void onCoreFailure() {
        add(CORE_FAILURES, 1);
    }

    void onTask() {
        add(TASKS, 1);
    }

    public long datagramsIn() {
        return get(DATAGRAMS_IN);
    }

    /** Returns the bytes of UDP payload received. */
    public long bytesIn() {
        return get(BYTES_IN);
    }

    /** The number of read batches; {@code datagramsIn} divided by this number is the mean length of a batch. */
    public long readBatches() {
        return get(READ_BATCHES);
    }

    /** The datagrams handed to the socket, including datagrams whose send then failed. */
    public long datagramsOut() {
        return get(DATAGRAMS_OUT);
    }

    /** Returns the bytes of UDP payload handed to the socket. */
    public long bytesOut() {
        return get(BYTES_OUT);
    }

    /** The datagrams that the kernel refused (no buffers, no route). */
    public long sendFailures() {
        return get(SEND_FAILURES);
    }

    /** The segmented sends that the kernel refused; their datagrams count under {@link #sendFailures} too. */
    public long segmentedSendFailures() {
        return get(SEGMENTED_SEND_FAILURES);
    }

    /** Datagrams dropped because the socket took no more (EAGAIN) and the queue before it was full. */
    public long sendQueueDrops() {
        return get(SEND_QUEUE_DROPS);
    }

    /** Exceptions that left the core: each is a defect. */
    public long coreFailures() {
        return get(CORE_FAILURES);
    }

    /** The number of tasks that the loop has run on its core. */
    public long tasks() {
        return get(TASKS);
    }

    /** Adds the datagrams of each bucket of {@link DelayDistribution}. */
    public void addDelaysTo(long[] sums) {
        for (int bucket = 0; bucket < DelayDistribution.BUCKETS; bucket++) {
            sums[bucket] += delays.getOpaque(bucket);
        }
    }

    public long delaySumNanos() {
        return get(DELAY_NANOS);
    }

    public static int bucketCount() {
        return SEGMENTS_BUCKETS.length;
    }

    /** Inclusive upper end of a bucket, in datagrams per send. */
    public static int bucketMax(int bucket) {
        return SEGMENTS_BUCKETS[bucket];
    }

    /** The number of sends in that bucket; not cumulative. */
    public long sendsBySegments(int bucket) {
        return sends.getOpaque(bucket);
    }
}
