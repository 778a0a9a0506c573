package org.rotunda.media.net;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.rotunda.media.control.DelayDistribution;
import org.rotunda.media.control.TcpStatistics;

/**
 * The counts of one loop's ports. Datagrams include the packets of TCP connections. Only the loop writes them. Any thread may read them and may see slightly old figures.
 */
public final class MediaNetStatistics {
    /**
     * The upper ends of the buckets of {@link #sendsBySegments}, in datagrams per send. A send of 3 datagrams belongs
     * to the bucket that ends at 4.
     */
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
    private static final int SLOW_TURNS = 11;
    private static final int READ_FAILURES = 12;
    private static final int TCP_ACCEPTED = 13;
    private static final int TCP_PACKETS_IN = 14;
    private static final int TCP_PACKETS_OUT = 15;
    private static final int TCP_QUEUE_DROPS = 16;
    private static final int TCP_CONNECTIONS = 17; // A current number, not a sum.
    private static final int TCP_CHECKED = 18; // A current number, not a sum.
    private static final int COUNTERS = 19;

    private static final TcpEnd[] TCP_ENDS = TcpEnd.values();

    private final AtomicLongArray counters = new AtomicLongArray(COUNTERS);
    private final AtomicLongArray tcpEnds = new AtomicLongArray(TCP_ENDS.length);
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

    /** Counts the datagrams sent after a read batch. Each was sent {@code delayNanos} after the batch arrived. */
    void onBatchSent(long datagrams, long delayNanos) {
        add(delays, DelayDistribution.bucketOf(delayNanos), datagrams);
        add(DELAY_NANOS, datagrams * delayNanos);
    }

    void onSendFailure(int datagrams) {
        add(SEND_FAILURES, datagrams);
    }

    void onReadFailure() {
        add(READ_FAILURES, 1);
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

    void onSlowTurn() {
        add(SLOW_TURNS, 1);
    }

    void onTcpAccepted() {
        add(TCP_ACCEPTED, 1);
    }

    @SuppressWarnings(
            "EnumOrdinal") // The ordinal is an index into an array of this process; it is never stored or sent.
    void onTcpEnd(TcpEnd reason) {
        add(tcpEnds, reason.ordinal(), 1);
    }

    void onTcpPacketIn() {
        add(TCP_PACKETS_IN, 1);
    }

    void onTcpSend(long bytes) {
        add(TCP_PACKETS_OUT, 1);
        add(DATAGRAMS_OUT, 1);
        add(BYTES_OUT, bytes);
    }

    void onTcpQueueDrop() {
        add(TCP_QUEUE_DROPS, 1);
    }

    /** Sets the number of open TCP connections, and of those on which an authentic check has come. */
    void setTcpConnections(int open, int checked) {
        counters.setOpaque(TCP_CONNECTIONS, open);
        counters.setOpaque(TCP_CHECKED, checked);
    }

    /** Returns the number of packets dropped because the send queue of a TCP connection was full. */
    public long tcpQueueDrops() {
        return get(TCP_QUEUE_DROPS);
    }

    /** Returns the counts of the loop's TCP connections. */
    public TcpStatistics tcp() {
        Map<String, Long> closed = new HashMap<>();
        for (int i = 0; i < TCP_ENDS.length; i++) {
            if (tcpEnds.getOpaque(i) > 0) {
                closed.put(TCP_ENDS[i].metricName(), tcpEnds.getOpaque(i));
            }
        }
        return new TcpStatistics(
                get(TCP_CONNECTIONS),
                get(TCP_CHECKED),
                get(TCP_ACCEPTED),
                get(TCP_PACKETS_IN),
                get(TCP_PACKETS_OUT),
                closed);
    }

    public long datagramsIn() {
        return get(DATAGRAMS_IN);
    }

    /** Returns the bytes of the received datagrams. */
    public long bytesIn() {
        return get(BYTES_IN);
    }

    /** The number of read batches; {@code datagramsIn} divided by this number is the mean length of a batch. */
    public long readBatches() {
        return get(READ_BATCHES);
    }

    /** The number of datagrams handed to the socket, including failed sends. */
    public long datagramsOut() {
        return get(DATAGRAMS_OUT);
    }

    /** Returns the bytes of the datagrams handed to the sockets. */
    public long bytesOut() {
        return get(BYTES_OUT);
    }

    /** The number of datagrams that the kernel refused, for example because it had no buffers or no route. */
    public long sendFailures() {
        return get(SEND_FAILURES);
    }

    /** The number of reads that the kernel refused. Netty repeats such a read. */
    public long readFailures() {
        return get(READ_FAILURES);
    }

    /** The number of segmented sends that the kernel refused. {@link #sendFailures} includes their datagrams. */
    public long segmentedSendFailures() {
        return get(SEGMENTED_SEND_FAILURES);
    }

    /** The number of datagrams dropped because the send queue was full. */
    public long sendQueueDrops() {
        return get(SEND_QUEUE_DROPS);
    }

    /** The number of exceptions thrown by the core. Each exception is a defect. */
    public long coreFailures() {
        return get(CORE_FAILURES);
    }

    /** The number of tasks that the loop has run on its core. */
    public long tasks() {
        return get(TASKS);
    }

    /** Adds to {@code sums} the number of datagrams in each bucket of {@link DelayDistribution}. */
    public void addDelaysTo(long[] sums) {
        for (int bucket = 0; bucket < DelayDistribution.BUCKETS; bucket++) {
            sums[bucket] += delays.getOpaque(bucket);
        }
    }

    /** The number of turns of the loop that took 50 ms or more. */
    public long slowTurns() {
        return get(SLOW_TURNS);
    }

    public long delaySumNanos() {
        return get(DELAY_NANOS);
    }

    public static int bucketCount() {
        return SEGMENTS_BUCKETS.length;
    }

    /** The inclusive upper end of a bucket, in datagrams per send. */
    public static int bucketMax(int bucket) {
        return SEGMENTS_BUCKETS[bucket];
    }

    /** The number of sends in one bucket. The sends in lower buckets are not included. */
    public long sendsBySegments(int bucket) {
        return sends.getOpaque(bucket);
    }
}
