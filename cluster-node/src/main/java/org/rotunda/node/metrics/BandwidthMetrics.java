package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.signal.SignalFault;

/**
 * The statistics of what subscribers are sent and of their media-signaling channels as metrics. The values are read when
 * scraped.
 */
final class BandwidthMetrics {
    private final PrometheusRegistry registry;

    private BandwidthMetrics(PrometheusRegistry registry) {
        this.registry = registry;
    }

    static void register(PrometheusRegistry registry, RoomStatistics statistics) {
        BandwidthMetrics metrics = new BandwidthMetrics(registry);
        metrics.counter(
                "rotunda_layer_switches_total",
                "Changes of sent video tracks to another layer, by direction",
                "direction",
                () -> Map.of("up", statistics.upgrades(), "down", statistics.downgrades()));
        metrics.counter(
                "rotunda_rooms_media_messages_total",
                "Messages between rooms and media nodes, by direction",
                "direction",
                () -> Map.of("in", statistics.mediaNotices(), "out", statistics.mediaCommands()));
        metrics.counter(
                "rotunda_track_switch_offs_total",
                "Video tracks switched off for a subscriber, by cause",
                "cause",
                () -> Map.of("congestion", statistics.congestionSwitchOffs(), "client", statistics.otherSwitchOffs()));
        metrics.counter(
                "rotunda_signals_read_total",
                "Messages of clients on media-signaling channels, by channel",
                "channel",
                () -> of(SignalChannel.values(), SignalChannel::wireName, statistics::signalsRead));
        metrics.counter(
                "rotunda_signals_sent_total",
                "Messages to clients on media-signaling channels, by channel",
                "channel",
                () -> of(SignalChannel.values(), SignalChannel::wireName, statistics::signalsSent));
        metrics.counter(
                "rotunda_signals_dropped_total",
                "Messages of clients on media-signaling channels that were dropped, by reason",
                "reason",
                () -> of(
                        SignalFault.values(),
                        fault -> fault.name().toLowerCase(Locale.ROOT),
                        statistics::signalsDropped));
    }

    private static <K> Map<String, Long> of(K[] keys, Function<K, String> name, ToLongFunction<K> count) {
        return Arrays.stream(keys).collect(Collectors.toMap(name, count::applyAsLong));
    }

    private void counter(String name, String help, String label, Supplier<Map<String, Long>> counts) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> counts.get().forEach((value, count) -> callback.call(count, value)))
                .register(registry);
    }
}
