package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.egress.EgressShape;

/** Runs the egress bench on a small scale, only to show that it works. */
class EgressBenchRunTest {
    @Test
    void bothPacesYieldFiguresAlsoWithoutACompiler(@TempDir Path directory) throws Exception {
        EgressOptions options = new EgressOptions(
                EgressShape.FANOUT.withReceivers(2),
                Duration.ZERO,
                Duration.ofMillis(200),
                1,
                "no-such-compiler",
                false,
                directory,
                Path.of("..").toAbsolutePath().normalize());
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        EgressBench.measure(
                options, true, new Progress(System.err, false), new PrintStream(out, true, StandardCharsets.UTF_8));

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("| saturated |"))
                .anyMatch(line -> line.startsWith("| paced |"))
                .anyMatch(line -> line.startsWith("C floor: missing, because no-such-compiler cannot be run"));
        JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        for (String pace : List.of("saturated", "paced")) {
            assertThat(json.path(pace).path("loopCpuMicrosPerPacket").asDouble())
                    .as(pace)
                    .isPositive();
            assertThat(json.path(pace).path("lostPackets").asDouble()).as(pace).isZero();
            assertThat(json.path(pace).path("ratioToFloor").isNull()).as(pace).isTrue();
        }
        assertThat(directory.resolve("result.json")).isNotEmptyFile();
    }
}
