package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rotunda.load.process.JdkHome;

class ComparisonTest {
    private static final Machine MACHINE = new Machine("a processor", 2, 1L << 30, "6.1");

    private static BenchOptions options(Scenario.Kind kind, boolean profiling) {
        return new BenchOptions(
                kind,
                20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                3,
                true,
                true,
                false,
                new JdkHome(Path.of("jdk"), "25.0.1", "Somebody"),
                0,
                Map.of(),
                false,
                profiling,
                Peer.JANUS,
                "janus",
                Path.of("out"),
                Path.of("."));
    }

    private static Report report(Map<Figure, List<Double>> runs) {
        int count = runs.values().iterator().next().size();
        List<RunResult> results = Stream.iterate(0, i -> i < count, i -> i + 1)
                .map(i -> {
                    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
                    runs.forEach((figure, values) -> figures.put(figure, values.get(i)));
                    return new RunResult(i + 1, figures, Map.of(), Map.of(), List.of(), List.of(), 30, false);
                })
                .toList();
        return new Report(options(Scenario.Kind.FANOUT, false), MACHINE, "abc1234", results);
    }

    private static Map<Figure, List<Double>> cpu(Double... micros) {
        return Map.of(Figure.SERVER_CPU_PER_ARRIVED, Arrays.asList(micros));
    }

    @Test
    void showsMediansExtremesAndTheRatioOfFiguresThatBothHave() {
        List<String> table = new Comparison("janus", report(cpu(2.0, 4.0, 3.0)), report(cpu(6.0, 5.0, 7.0))).table();

        assertThat(table).hasSize(2);
        assertThat(table.get(0)).contains("rotunda", "janus", "ratio");
        assertThat(table.get(1))
                .matches(
                        "CPU of the server per packet that arrived, µs +3.00 \\[2.00 – 4.00] +6.00 \\[5.00 – 7.00] +0.50");
    }

    @Test
    void leavesOutFiguresThatOnlyOneServerHas() {
        Report ours = report(Map.of(Figure.ROUTER_DELAY_P50, List.of(1.0), Figure.LOSS_RATIO, List.of(0.0)));
        Report theirs = report(Map.of(Figure.LOSS_RATIO, List.of(0.0)));

        assertThat(new Comparison("janus", ours, theirs).table())
                .hasSize(2)
                .noneMatch(line -> line.contains("delay in the router"))
                .anyMatch(line -> line.matches("packets lost for good +0.000000 .* 0.000000 \\[0.000000 – 0.000000]"));
    }

    @Test
    void theJsonObjectHasTheReportOfEachServer() throws Exception {
        JsonNode object =
                new ObjectMapper().readTree(new Comparison("janus", report(cpu(2.0)), report(cpu(6.0))).json());

        assertThat(object.path("peer").asText()).isEqualTo("janus");
        assertThat(object.at("/rotunda/serverCpuMicrosPerArrivedPacket").asDouble())
                .isEqualTo(2.0);
        assertThat(object.at("/janus/serverCpuMicrosPerArrivedPacket").asDouble())
                .isEqualTo(6.0);
    }

    @Test
    void anotherServerIsMeasuredInAFanoutOnlyAndNotProfiled() {
        assertThatThrownBy(() -> options(Scenario.Kind.MESH, false)).hasMessage("--peer is for fanout only");
        assertThatThrownBy(() -> options(Scenario.Kind.FANOUT, true)).hasMessageContaining("--profile");
    }
}
