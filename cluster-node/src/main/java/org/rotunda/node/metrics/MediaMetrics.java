package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.rotunda.media.control.DelayDistribution;
import org.rotunda.media.control.DownlinkStatistics;
import org.rotunda.media.control.Histogram;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.media.control.NetworkQuality;

/**
 * The media router's statistics as metrics. The values are read when scraped, so that the packet path does no work for
 * metrics.
 */
public final class MediaMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry;
    private final Supplier<MediaStatistics> statistics;

    private MediaMetrics(PrometheusRegistry registry, Supplier<MediaStatistics> statistics) {
        this.registry = registry;
        this.statistics = statistics;
    }

    public static void register(PrometheusRegistry registry, Supplier<MediaStatistics> statistics) {
        MediaMetrics metrics = new MediaMetrics(registry, statistics);
        metrics.gauge("rotunda_media_rooms", "Rooms with a transport on this node", MediaStatistics::rooms);
        metrics.gauge("rotunda_media_transports", "Open transports", MediaStatistics::transports);
        metrics.gauge("rotunda_media_publications", "Tracks published on this node", MediaStatistics::publications);
        metrics.gauge("rotunda_media_subscriptions", "Tracks sent by this node", MediaStatistics::subscriptions);
        metrics.gauge(
                "rotunda_media_load",
                "Share of this node's capacity in use, from 0 to 1, by which new rooms choose their node",
                MediaStatistics::load);
        metrics.gauge(
                "rotunda_media_loop_lag_seconds",
                "Longest delay of a due wake-up over all event loops in the last 15 to 30 s, or of one due now",
                snapshot -> snapshot.loopLagNanosMax() / NANOS_PER_SECOND);
        metrics.counter("rotunda_media_packets_in_total", "Datagrams received", MediaStatistics::packetsIn);
        metrics.counter("rotunda_media_bytes_in_total", "Bytes of datagrams received", MediaStatistics::bytesIn);
        metrics.counter("rotunda_media_packets_out_total", "Datagrams sent", MediaStatistics::packetsOut);
        metrics.counter("rotunda_media_bytes_out_total", "Bytes of datagrams sent", MediaStatistics::bytesOut);
        metrics.counter(
                "rotunda_media_packets_forwarded_total",
                "Media packets sent to subscribers, those sent again not among them",
                MediaStatistics::packetsForwarded);
        metrics.counter(
                "rotunda_media_packets_relayed_total",
                "Packets and data messages passed from one event loop to another, because a room is on both",
                MediaStatistics::packetsRelayed);
        metrics.counter(
                "rotunda_media_key_frame_requests_total",
                "Key frames asked of publishers",
                MediaStatistics::keyFrameRequests);
        metrics.counter(
                "rotunda_media_retransmissions_total",
                "Packets sent again to subscribers",
                MediaStatistics::retransmissions);
        metrics.counter(
                "rotunda_media_slow_turns_total",
                "Turns that held an event loop for 50 ms or more",
                MediaStatistics::slowTurns);
        metrics.counter(
                "rotunda_media_kernel_receive_drops_total",
                "Datagrams the kernel dropped because a receive buffer was full",
                MediaStatistics::kernelReceiveDrops);
        metrics.tcp();
        metrics.downlinks();
        metrics.drops();
        metrics.faults();
        metrics.segmentsPerSend();
        registry.register((Collector) metrics::routerDelay);
        metrics.quality(
                "rotunda_media_rtt_seconds",
                "Round-trip times to clients, by the direction their media takes",
                NetworkQuality.Direction::rttSeconds);
        metrics.quality(
                "rotunda_media_loss_ratio",
                "Shares of the packets of a stream that were lost between two reports",
                NetworkQuality.Direction::lossRatio);
        metrics.quality(
                "rotunda_media_jitter_seconds",
                "Interarrival jitter of a stream at each report",
                NetworkQuality.Direction::jitterSeconds);
    }

    private void gauge(String name, String help, ToDoubleFunction<MediaStatistics> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(statistics.get())))
                .register(registry);
    }

    private void counter(String name, String help, ToDoubleFunction<MediaStatistics> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(statistics.get())))
                .register(registry);
    }

    private void tcp() {
        gauge(
                "rotunda_media_tcp_connections",
                "Open TCP connections",
                snapshot -> snapshot.tcp().connections());
        gauge(
                "rotunda_media_tcp_connections_checked",
                "Open TCP connections that have brought an authentic STUN check",
                snapshot -> snapshot.tcp().checked());
        counter(
                "rotunda_media_tcp_accepted_total",
                "TCP connections accepted, refused ones among them",
                snapshot -> snapshot.tcp().accepted());
        counter(
                "rotunda_media_tcp_packets_in_total",
                "Packets received over TCP",
                snapshot -> snapshot.tcp().packetsIn());
        counter(
                "rotunda_media_tcp_packets_out_total",
                "Packets sent over TCP",
                snapshot -> snapshot.tcp().packetsOut());
        CounterWithCallback.builder()
                .name("rotunda_media_tcp_closed_total")
                .help("TCP connections ended, by reason")
                .labelNames("reason")
                .callback(callback ->
                        statistics.get().tcp().closed().forEach((reason, count) -> callback.call(count, reason)))
                .register(registry);
    }

    private void downlinks() {
        histogram(
                "rotunda_media_downlink_estimate_bits_per_second",
                "Estimated bit rates of the networks to subscribers, at each report to a room",
                DownlinkStatistics::estimateBps);
        histogram(
                "rotunda_media_downlink_queue_seconds",
                "Queueing delays of the networks to subscribers, at each report to a room",
                DownlinkStatistics::queueSeconds);
        gauge(
                "rotunda_media_downlink_sent_bits_per_second",
                "Bit rate of media to all subscribers in the last second",
                snapshot -> snapshot.downlinks().sentBps());
        gauge(
                "rotunda_media_downlink_desired_bits_per_second",
                "Bit rate that all subscribers would get with ample bandwidth",
                snapshot -> snapshot.downlinks().desiredBps());
        counter(
                "rotunda_media_layer_switches_total",
                "Changes of a subscription to another encoding",
                snapshot -> snapshot.downlinks().layerSwitches());
        counter(
                "rotunda_media_downlink_overuses_total",
                "Times that the delay to a subscriber began to rise",
                snapshot -> snapshot.downlinks().overuses());
        counter(
                "rotunda_media_downlink_probes_total",
                "Probes of the networks to subscribers",
                snapshot -> snapshot.downlinks().probes());
        counter(
                "rotunda_media_padded_packets_total",
                "Packets of media that were padded to the length of their neighbours",
                snapshot -> snapshot.downlinks().paddedPackets());
        CounterWithCallback.builder()
                .name("rotunda_media_step_downs_total")
                .help("Tracks that the router reduced on its own, by what is still sent")
                .labelNames("to")
                .callback(callback -> {
                    DownlinkStatistics downlinks = statistics.get().downlinks();
                    callback.call((double) downlinks.lowered(), "lowest");
                    callback.call((double) downlinks.stopped(), "stopped");
                })
                .register(registry);
    }

    /** Registers a histogram without labels. */
    private void histogram(String name, String help, Function<DownlinkStatistics, Histogram> measure) {
        registry.register((Collector) () -> HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(Histograms.dataPoint(measure.apply(statistics.get().downlinks()), Labels.EMPTY))
                .build());
    }

    private void drops() {
        CounterWithCallback.builder()
                .name("rotunda_media_drops_total")
                .help("Packets and messages not processed, by reason")
                .labelNames("reason")
                .callback(callback -> statistics.get().drops().forEach((reason, count) -> callback.call(count, reason)))
                .register(registry);
    }

    private void faults() {
        CounterWithCallback.builder()
                .name("rotunda_media_faults_total")
                .help("Transports ended by a defect of this program, by the place of the defect")
                .labelNames("place")
                .callback(callback -> statistics.get().faults().forEach((place, count) -> callback.call(count, place)))
                .register(registry);
    }

    private void segmentsPerSend() {
        CounterWithCallback.builder()
                .name("rotunda_media_sends_total")
                .help("Sends, by the number of datagrams they carried at the most")
                .labelNames("segments_max")
                .callback(callback -> statistics
                        .get()
                        .segmentsPerSend()
                        .forEach((segments, count) -> callback.call(count, Integer.toString(segments))))
                .register(registry);
    }

    /** Registers one histogram with a data point for each direction. */
    private void quality(String name, String help, Function<NetworkQuality.Direction, Histogram> measure) {
        registry.register((Collector) () -> {
            NetworkQuality quality = statistics.get().quality();
            return HistogramSnapshot.builder()
                    .name(name)
                    .help(help)
                    .dataPoint(Histograms.dataPoint(measure.apply(quality.up()), Labels.of("direction", "up")))
                    .dataPoint(Histograms.dataPoint(measure.apply(quality.down()), Labels.of("direction", "down")))
                    .build();
        });
    }

    /** Returns the histogram of {@link MediaStatistics#routerDelays}. */
    private MetricSnapshot routerDelay() {
        DelayDistribution delays = statistics.get().routerDelays();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int bucket = 0; bucket < DelayDistribution.BUCKETS; bucket++) {
            long maxNanos = DelayDistribution.bucketMaxNanos(bucket);
            buckets.bucket(
                    maxNanos == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : maxNanos / NANOS_PER_SECOND,
                    delays.counts().get(bucket));
        }
        return HistogramSnapshot.builder()
                .name("rotunda_media_router_delay_seconds")
                .help("Time from the read of a batch to the end of the sends it caused, by datagrams sent")
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(delays.sumNanos() / NANOS_PER_SECOND)
                        .build())
                .build();
    }
}
