package org.rotunda.load.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.rotunda.load.bot.BotStats;
import org.rotunda.load.bot.JoinTimes;

/** Computes the figures of a run from readings taken at the beginning and at the end of the measurement. Pure. */
final class RunFigures {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private RunFigures() {}

    static Map<Figure, Double> ofNode(NodeSample begin, NodeSample end) {
        double forwarded = end.forwarded() - begin.forwarded();
        double datagrams = end.datagramsOut() - begin.datagramsOut();
        BucketCounts delays = end.routerDelays().since(begin.routerDelays());
        Map<Figure, Double> figures = new EnumMap<>(ofProcess(begin, end));
        double seconds = end.seconds(begin);
        figures.put(Figure.FORWARDED_PACKETS_PER_SECOND, forwarded / seconds);
        figures.put(Figure.SERVER_CPU_PER_PACKET, end.cpuSeconds(begin) * MICROS_PER_SECOND / forwarded);
        figures.put(Figure.LOOP_CPU_PER_PACKET, end.loopCpuSeconds(begin) * MICROS_PER_SECOND / forwarded);
        figures.put(Figure.ACTOR_CPU, end.actorCpuSeconds(begin) * MILLIS_PER_SECOND / seconds);
        figures.put(Figure.ROOM_MESSAGES_PER_SECOND, (end.roomMessages() - begin.roomMessages()) / seconds);
        figures.put(Figure.ROUTER_DELAY_P50, delays.percentile(0.5) * MICROS_PER_SECOND);
        figures.put(Figure.ROUTER_DELAY_P99, delays.percentile(0.99) * MICROS_PER_SECOND);
        figures.put(Figure.SEGMENTS_PER_SEND, datagrams / (end.sends() - begin.sends()));
        figures.put(Figure.DATAGRAMS_OUT_PER_SECOND, datagrams / seconds);
        figures.put(Figure.KERNEL_RECEIVE_DROPS, end.kernelReceiveDrops() - begin.kernelReceiveDrops());
        figures.put(Figure.ROUTER_DROPS, end.routerDrops() - begin.routerDrops());
        // A quotient whose divisor is 0, for instance because nothing was forwarded, becomes NaN.
        figures.replaceAll((figure, value) -> Double.isFinite(value) ? value : Double.NaN);
        return figures;
    }

    /** Returns the figures of any process. */
    static Map<Figure, Double> ofProcess(NodeSample begin, NodeSample end) {
        double seconds = end.seconds(begin);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.SERVER_CPU_CORES, end.cpuSeconds(begin) / seconds);
        figures.put(Figure.SERVER_CPU, end.cpuSeconds(begin) * MILLIS_PER_SECOND / seconds);
        figures.put(
                Figure.WAKE_UPS_PER_SECOND,
                (end.usage().wakeUps() - begin.usage().wakeUps()) / seconds);
        return figures;
    }

    /**
     * Returns the figures of the packets that arrived at the bots, without retransmissions. They are counted in the same
     * way whatever the server is. {@code stats} covers the time between the samples.
     */
    static Map<Figure, Double> ofArrivals(BotStats stats, NodeSample begin, NodeSample end) {
        double arrived = stats.received().packets() - stats.received().rtx();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.ARRIVED_PACKETS_PER_SECOND, arrived / end.seconds(begin));
        long packets = stats.received().packets();
        figures.put(
                Figure.ARRIVED_PACKET_BYTES,
                packets == 0 ? Double.NaN : (double) stats.received().bytes() / packets);
        figures.put(
                Figure.SERVER_CPU_PER_ARRIVED,
                arrived == 0 ? Double.NaN : end.cpuSeconds(begin) * MICROS_PER_SECOND / arrived);
        return figures;
    }

    /** Returns the figures that the bots measured. {@code stats} covers only the measurement. */
    static Map<Figure, Double> ofBots(BotStats stats) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.LOSS_RATIO, stats.received().lossRatio());
        // Bots that only count packets see no frames, so they cannot find faults in them.
        boolean checked = stats.received().frames() > 0;
        figures.put(Figure.FROZEN_FRAMES, checked ? stats.received().frozenFrames() : Double.NaN);
        figures.put(Figure.CONTINUITY_FAULTS, checked ? stats.continuity().total() : Double.NaN);
        figures.put(Figure.ONE_WAY_DELAY_P50, delayMillis(stats.delayMicros(), 50));
        figures.put(Figure.ONE_WAY_DELAY_P99, delayMillis(stats.delayMicros(), 99));
        return figures;
    }

    private static double delayMillis(Histogram delayMicros, double percent) {
        return delayMicros.getTotalCount() == 0
                ? Double.NaN
                : delayMicros.getValueAtPercentile(percent) / MICROS_PER_MILLI;
    }

    /** Returns the figures of joins that ended in an interval of the given length. */
    static Map<Figure, Double> ofJoins(List<Joins.Attempt> attempts, double seconds) {
        List<JoinTimes> times = attempts.stream()
                .flatMap(attempt -> Stream.ofNullable(attempt.times()))
                .toList();
        List<Double> media = times.stream()
                .filter(one -> one.mediaNanos() != JoinTimes.NOT_YET)
                .map(one -> one.mediaNanos() / NANOS_PER_MILLI)
                .toList();
        List<Double> connected = times.stream()
                .filter(one -> one.connectedNanos() != JoinTimes.NOT_YET)
                .map(one -> one.connectedNanos() / NANOS_PER_MILLI)
                .toList();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.JOIN_P50, Spread.percentile(media, 0.5));
        figures.put(Figure.JOIN_P99, Spread.percentile(media, 0.99));
        figures.put(Figure.JOIN_CONNECTED_P50, Spread.percentile(connected, 0.5));
        figures.put(Figure.JOINS_PER_SECOND, times.size() / seconds);
        figures.put(Figure.JOINS_FAILED, (double) (attempts.size() - times.size()));
        return figures;
    }

    /** Counts failed joins by reason. */
    static Map<String, Long> joinFailures(List<Joins.Attempt> attempts) {
        Map<String, Long> byReason = new TreeMap<>();
        for (Joins.Attempt attempt : attempts) {
            String failure = attempt.failure();
            if (failure != null) {
                byReason.merge(failure, 1L, Long::sum);
            }
        }
        return byReason;
    }
}
