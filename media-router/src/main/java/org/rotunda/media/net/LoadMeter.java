package org.rotunda.media.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rotunda.media.control.MediaSettings;

/**
 * Measures how much of its capacity a node uses, as means over the last ten seconds. One thread adds samples and asks
 * for the load. Any thread may ask for the busy share of a loop.
 */
final class LoadMeter {
    /** The time over which the means are taken. */
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The number of bytes in the IPv4 and UDP headers of one datagram. The network interface sends these bytes too.
     */
    static final int HEADER_BYTES = 28;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BITS_PER_MEGABIT = 1e6;

    private final MediaSettings limits;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private volatile List<Double> busyShares;

    /**
     * The counters of a node at one moment.
     *
     * @param waitedNanos the time that each loop has waited for work so far
     * @param bytesOut the bytes of UDP payload sent so far
     * @param packetsIn the datagrams received so far
     * @param packetsOut the datagrams sent so far
     */
    record Sample(long nanos, List<Long> waitedNanos, long bytesOut, long packetsIn, long packetsOut) {
        Sample {
            waitedNanos = List.copyOf(waitedNanos);
        }
    }

    LoadMeter(MediaSettings limits) {
        this.limits = limits;
        this.busyShares = Collections.nCopies(limits.loops(), 0.0);
    }

    /** Adds the current counters, and drops the samples that are older than the window. */
    void add(Sample now) {
        while (!samples.isEmpty() && now.nanos() - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        samples.addLast(now);
        Sample begin = samples.getFirst();
        long elapsed = now.nanos() - begin.nanos();
        if (elapsed > 0) {
            List<Double> shares = new ArrayList<>();
            for (int loop = 0; loop < now.waitedNanos().size(); loop++) {
                long waited = now.waitedNanos().get(loop) - begin.waitedNanos().get(loop);
                shares.add(Math.max(0, Math.min(1, 1 - (double) waited / elapsed)));
            }
            busyShares = List.copyOf(shares);
        }
    }

    /** Returns the share of the time in which this loop did not wait for work, from 0 to 1. */
    double busyShare(int loop) {
        return busyShares.get(loop);
    }

    /**
     * Returns the load of the node, from 0 to 1. The load is the largest of four shares: the mean busy share of the
     * busiest quarter of the loops, and the used shares of three limits. The limits are the number of transports, the
     * bits sent per second, and the packets received and sent per second. A limit on bits or packets that is not set
     * has no share.
     *
     * @param transports the current number of transports on the node
     */
    double load(int transports) {
        double load = Math.max(busiestQuarter(), (double) transports / limits.transportsMax());
        if (samples.size() >= 2) {
            Sample begin = samples.getFirst();
            Sample end = samples.getLast();
            double seconds = (end.nanos() - begin.nanos()) / NANOS_PER_SECOND;
            long sent = end.packetsOut() - begin.packetsOut();
            long packets = sent + end.packetsIn() - begin.packetsIn();
            double bits = (end.bytesOut() - begin.bytesOut() + HEADER_BYTES * sent) * (double) Byte.SIZE;
            if (limits.egressMax() > 0) {
                load = Math.max(load, bits / seconds / (limits.egressMax() * BITS_PER_MEGABIT));
            }
            if (limits.packetsMax() > 0) {
                load = Math.max(load, packets / seconds / limits.packetsMax());
            }
        }
        return Math.min(1, load);
    }

    /** Returns the mean busy share of the busiest quarter of the loops. The quarter is rounded up to whole loops. */
    private double busiestQuarter() {
        int quarter = (busyShares.size() + 3) / 4;
        return busyShares.stream()
                .sorted(Comparator.reverseOrder())
                .limit(quarter)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }
}
