package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotStats;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.JdkHome;
import org.rotunda.load.process.ProcessUsage;

class ReportTest {
    private static final Machine MACHINE = new Machine("Some CPU", 2, 8L << 30, "6.1");
    private static final JdkHome JDK = new JdkHome(Path.of("/jdk"), "25.0.1", "Somebody");

    private static BenchOptions options(int runs) {
        return new BenchOptions(
                Scenario.Kind.FANOUT,
                50,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                runs,
                true,
                true,
                false,
                JDK,
                0,
                Map.of("rotunda.media.audio-wait", "2ms"),
                false,
                false,
                null,
                "",
                Path.of("out"),
                Path.of("."));
    }

    private static RunResult run(int number, double packetsPerSecond) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.FORWARDED_PACKETS_PER_SECOND, packetsPerSecond);
        figures.put(Figure.SERVER_CPU_PER_PACKET, 2.5);
        figures.put(Figure.ROUTER_DELAY_P50, Double.NaN);
        return new RunResult(
                number, figures, Map.of("rtp_unknown", 3L), Map.of("busy (53000)", 1L), List.of(), List.of(), 30, true);
    }

    private static Report report(double... packetsPerSecond) {
        List<RunResult> runs = new ArrayList<>();
        for (double value : packetsPerSecond) {
            runs.add(run(runs.size() + 1, value));
        }
        return new Report(options(runs.size()), MACHINE, "abc1234", runs);
    }

    @Test
    void theJsonObjectHasEveryKeyThatProgramsRead() throws Exception {
        JsonNode object =
                new ObjectMapper().readTree(report(10_000, 12_000, 11_000).json());

        assertThat(object.get("forwardedPacketsPerSecond").asDouble()).isEqualTo(11_000);
        assertThat(object.get("serverCpuMicrosPerForwardedPacket").asDouble()).isEqualTo(2.5);
        assertThat(object.at("/spread/forwardedPacketsPerSecond/min").asDouble())
                .isEqualTo(10_000);
        assertThat(object.at("/spread/forwardedPacketsPerSecond/max").asDouble())
                .isEqualTo(12_000);
        assertThat(object.get("perRun")).hasSize(3);
        assertThat(object.get("jdk").asText()).isEqualTo("25.0.1 (Somebody)");
        assertThat(object.get("commit").asText()).isEqualTo("abc1234");
        for (String key : List.of(
                "routerDelayP50Micros",
                "routerDelayP99Micros",
                "segmentsPerSend",
                "lossRatio",
                "joinP50Millis",
                "joinP99Millis")) {
            assertThat(object.has(key)).as(key).isTrue();
        }
    }

    @Test
    void aFigureThatWasNotMeasuredIsNullInJsonAndMissingInTheTable() throws Exception {
        Report report = report(10_000);

        assertThat(new ObjectMapper()
                        .readTree(report.json())
                        .get("routerDelayP50Micros")
                        .isNull())
                .isTrue();
        assertThat(report.table()).noneMatch(line -> line.contains("delay in the router"));
    }

    @Test
    void theJsonObjectIsOneLine() {
        assertThat(report(1).json()).doesNotContain("\n");
    }

    @Test
    void theTableShowsMedianAndExtremes() {
        assertThat(report(10_000, 12_000, 11_000).table())
                .anyMatch(line -> line.matches("forwarded packets +11,000 +\\[10,000 – 12,000] 1/s"));
    }

    @Test
    void theTableSaysWhenSegmentationOffloadDoesNotWork() {
        RunResult plain =
                new RunResult(1, new EnumMap<>(Figure.class), Map.of(), Map.of(), List.of(), List.of(), 30, false);

        assertThat(new Report(options(1), MACHINE, "c", List.of(plain)).table())
                .anyMatch(line -> line.startsWith("GSO was requested"));
    }

    @Test
    void dropsAndFailedJoinsAreReportedByReason() throws Exception {
        Report report = report(10_000, 12_000);

        assertThat(report.table())
                .anyMatch(line -> line.matches("… dropped as rtp_unknown +6 +of all runs"))
                .anyMatch(line -> line.matches("… no join: busy \\(53000\\) +2 +of all runs"));
        assertThat(new ObjectMapper()
                        .readTree(report.json())
                        .at("/perRun/0/routerDropsByReason/rtp_unknown")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void onlyDropsDuringTheMeasurementCount() {
        NodeSample begin = dropped("{reason=\"ice_closed\"} 4", "{reason=\"rtp_unknown\"} 1");
        NodeSample end = dropped("{reason=\"ice_closed\"} 4", "{reason=\"rtp_unknown\"} 3", "{reason=\"late\"} 2");

        assertThat(end.routerDropsSince(begin)).isEqualTo(Map.of("rtp_unknown", 2L, "late", 2L));
    }

    private static NodeSample dropped(String... reasons) {
        String text = Stream.of(reasons)
                .map(reason -> "rotunda_media_drops_total" + reason + "\n")
                .collect(Collectors.joining());
        return new NodeSample(0, new ProcessUsage(0, Map.of(), Map.of(), 0), Metrics.parse(text));
    }

    @Test
    void figuresOfTheNodeAreDifferencesOfTwoSamples() {
        NodeSample begin = sample(0, 1_000, 5_000, 2_000, 1_000_000_000L);
        NodeSample end = sample(10_000_000_000L, 101_000, 115_000, 22_000, 1_250_000_000L);

        Map<Figure, Double> figures = RunFigures.ofNode(begin, end);

        assertThat(figures.get(Figure.FORWARDED_PACKETS_PER_SECOND)).isEqualTo(10_000);
        assertThat(figures.get(Figure.SERVER_CPU_PER_PACKET)).isEqualTo(2.5);
        assertThat(figures.get(Figure.LOOP_CPU_PER_PACKET)).isEqualTo(1.25);
        assertThat(figures.get(Figure.SERVER_CPU_CORES)).isEqualTo(0.025);
        assertThat(figures.get(Figure.SERVER_CPU)).isEqualTo(25);
        assertThat(figures.get(Figure.WAKE_UPS_PER_SECOND)).isPositive();
        assertThat(figures.get(Figure.ACTOR_CPU)).isEqualTo(2.5);
        assertThat(figures.get(Figure.ROOM_MESSAGES_PER_SECOND)).isEqualTo(30);
        assertThat(figures.get(Figure.SEGMENTS_PER_SEND)).isEqualTo(5.5);
        assertThat(figures.get(Figure.ROUTER_DELAY_P50)).isNaN();
    }

    @Test
    void figuresPerPacketAreNaNWithoutPackets() {
        NodeSample begin = sample(0, 0, 0, 0, 0);
        NodeSample end = sample(1_000_000_000L, 0, 0, 0, 10_000_000L);

        assertThat(RunFigures.ofNode(begin, end).get(Figure.SERVER_CPU_PER_PACKET))
                .isNaN();
        assertThat(RunFigures.ofNode(begin, end).get(Figure.SEGMENTS_PER_SEND)).isNaN();
    }

    @Test
    void faultsInFramesAreNotMeasuredByBotsThatOnlyCountPackets() {
        Map<Figure, Double> counted = RunFigures.ofBots(received(99, 1, 0));
        Map<Figure, Double> checked = RunFigures.ofBots(received(99, 1, 10));

        assertThat(counted.get(Figure.LOSS_RATIO)).isEqualTo(0.01);
        assertThat(counted.get(Figure.FROZEN_FRAMES)).isNaN();
        assertThat(counted.get(Figure.CONTINUITY_FAULTS)).isNaN();
        assertThat(checked.get(Figure.FROZEN_FRAMES)).isZero();
        assertThat(checked.get(Figure.CONTINUITY_FAULTS)).isZero();
    }

    private static BotStats received(long packets, long lost, long frames) {
        return new BotStats(
                1,
                new BotStats.Sent(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                new BotStats.Received(
                        packets, 0, 0, 0, 0, 0, lost, 0, 0, frames, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                new BotStats.Continuity(Map.of(), List.of()),
                new Histogram(2),
                List.of());
    }

    private static NodeSample sample(long nanos, long forwarded, long datagrams, long sends, long cpuNanos) {
        String text = "rotunda_media_packets_forwarded_total " + forwarded + "\n"
                + "rotunda_media_packets_out_total " + datagrams + "\n"
                + "rotunda_media_sends_total{segments_max=\"1\"} " + sends / 2 + "\n"
                + "rotunda_media_sends_total{segments_max=\"8\"} " + sends / 2 + "\n"
                + "rotunda_rooms_media_messages_total{direction=\"in\"} " + sends / 100 + "\n"
                + "rotunda_rooms_media_messages_total{direction=\"out\"} " + sends / 200 + "\n";
        ProcessUsage usage = new ProcessUsage(
                cpuNanos,
                Map.of(
                        "media-loop-1-1", cpuNanos / 4,
                        "media-loop-1-2", cpuNanos / 4,
                        "rotunda-pekko.a", cpuNanos / 10,
                        "main", 0L),
                Map.of("main", forwarded / 10),
                0);
        return new NodeSample(nanos, usage, Metrics.parse(text));
    }

    @Test
    void invalidOptionsAreRefused() {
        assertThatThrownBy(() -> options(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Durations.parse("30")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Durations.parse("2m")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aJdkIsIdentifiedByItsReleaseFile() {
        JdkHome jdk = JdkHome.parse(
                Path.of("/jdk"), "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_VERSION=\"25.0.1\"\nOS_NAME=\"Linux\"\n");

        assertThat(jdk.describe()).isEqualTo("25.0.1 (Eclipse Adoptium)");
        assertThat(jdk.feature()).isEqualTo(25);
        assertThat(JdkHome.parse(Path.of("/jdk"), "JAVA_VERSION=\"26-ea\"\n").feature())
                .isEqualTo(26);
        assertThatThrownBy(() -> JdkHome.parse(Path.of("/jdk"), "OS_NAME=\"Linux\"\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
