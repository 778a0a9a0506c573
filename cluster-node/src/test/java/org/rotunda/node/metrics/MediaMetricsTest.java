package org.rotunda.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DelayDistribution;
import org.rotunda.media.control.DownlinkStatistics;
import org.rotunda.media.control.Histogram;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.media.control.NetworkQuality;
import org.rotunda.media.control.TcpStatistics;

/** Tests the router's statistics in the form in which a metrics collector reads them. */
class MediaMetricsTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");

    private final PrometheusRegistry registry = new PrometheusRegistry();

    @Test
    void qualityIsExportedAsCumulativeHistogramsByDirection() throws IOException {
        MediaMetrics.register(
                registry,
                () -> statistics(new NetworkQuality(
                        new NetworkQuality.Direction(
                                histogram(NetworkQuality.RTT_SECONDS_MAX, 0, 3, 0.02),
                                histogram(NetworkQuality.LOSS_RATIO_MAX, 0, 5, 0),
                                Histogram.empty(NetworkQuality.JITTER_SECONDS_MAX)),
                        NetworkQuality.NONE.down())));

        assertThat(scrape())
                .contains("rotunda_media_rtt_seconds_bucket{direction=\"up\",le=\"0.005\"} 3\n")
                .contains("rotunda_media_rtt_seconds_bucket{direction=\"up\",le=\"+Inf\"} 3\n")
                .contains("rotunda_media_rtt_seconds_sum{direction=\"up\"} 0.02\n")
                .contains("rotunda_media_loss_ratio_bucket{direction=\"up\",le=\"0.0\"} 5\n")
                .contains("rotunda_media_loss_ratio_count{direction=\"down\"} 0\n")
                .contains("rotunda_media_jitter_seconds_count{direction=\"up\"} 0\n");
    }

    @Test
    void tcpConnectionsAreExported() throws IOException {
        MediaMetrics.register(registry, () -> statistics(NetworkQuality.NONE));

        assertThat(scrape())
                .contains("rotunda_media_tcp_connections 15.0\n")
                .contains("rotunda_media_tcp_connections_checked 16.0\n")
                .contains("rotunda_media_tcp_accepted_total 17.0\n")
                .contains("rotunda_media_tcp_packets_in_total 18.0\n")
                .contains("rotunda_media_tcp_packets_out_total 19.0\n")
                .contains("rotunda_media_tcp_closed_total{reason=\"check_timeout\"} 20.0\n");
    }

    @Test
    void downlinksAreExported() throws IOException {
        MediaMetrics.register(registry, () -> statistics(NetworkQuality.NONE));

        assertThat(scrape())
                .contains("rotunda_media_downlink_estimate_bits_per_second_bucket{le=\"750000.0\"} 0\n")
                .contains("rotunda_media_downlink_estimate_bits_per_second_bucket{le=\"1000000.0\"} 21\n")
                .contains("rotunda_media_downlink_queue_seconds_count 21\n")
                .contains("rotunda_media_downlink_sent_bits_per_second 22.0\n")
                .contains("rotunda_media_downlink_desired_bits_per_second 23.0\n")
                .contains("rotunda_media_layer_switches_total 24.0\n")
                .contains("rotunda_media_step_downs_total{to=\"lowest\"} 25.0\n")
                .contains("rotunda_media_step_downs_total{to=\"stopped\"} 26.0\n")
                .contains("rotunda_media_downlink_overuses_total 27.0\n")
                .contains("rotunda_media_downlink_probes_total 28.0\n")
                .contains("rotunda_media_padded_packets_total 29.0\n");
    }

    @Test
    void collectingTwiceShowsTheSame() throws IOException {
        MediaMetrics.register(registry, () -> statistics(NetworkQuality.NONE));

        assertThat(scrape()).isEqualTo(scrape());
    }

    @Test
    void theOperationsPageNamesTheHistograms() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("`rotunda_media_rtt_seconds{direction}`")
                .contains("`rotunda_media_loss_ratio{direction}`")
                .contains("`rotunda_media_jitter_seconds{direction}`");
    }

    private static Histogram histogram(List<Double> maxima, int bucket, long count, double sum) {
        Long[] counts = new Long[maxima.size() + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = i == bucket ? count : 0L;
        }
        return new Histogram(maxima, List.of(counts), sum);
    }

    private static MediaStatistics statistics(NetworkQuality quality) {
        return new MediaStatistics(
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                25,
                10,
                11,
                Map.of(),
                Map.of("link", 3L),
                Map.of(),
                DelayDistribution.NONE,
                quality,
                12,
                13,
                14,
                0.25,
                new TcpStatistics(15, 16, 17, 18, 19, Map.of("check_timeout", 20L)),
                new DownlinkStatistics(
                        histogram(DownlinkStatistics.ESTIMATE_BPS_MAX, 6, 21, 20e6),
                        histogram(DownlinkStatistics.QUEUE_SECONDS_MAX, 0, 21, 0.05),
                        22,
                        23,
                        24,
                        25,
                        26,
                        27,
                        28,
                        29));
    }

    private String scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }
}
