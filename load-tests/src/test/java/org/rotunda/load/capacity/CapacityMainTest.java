package org.rotunda.load.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CapacityMainTest {
    /** The costs that do not decide the number of media nodes. */
    private static final List<String> COSTS = List.of("--set=costs.join-millis=25", "--set=costs.heap-kib=480");

    private final Path results;

    CapacityMainTest(@TempDir Path directory) {
        results = directory;
    }

    /** The output and the exit status of the command. */
    private record Result(int status, String out, String err) {}

    private Result runWithOtherCosts(String... arguments) {
        return run(Stream.concat(COSTS.stream(), Stream.of(arguments)).toArray(String[]::new));
    }

    private Result run(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = CapacityMain.commandLine().setErr(new PrintWriter(err));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        List<String> all = Stream.concat(Stream.of("--results=" + results), Stream.of(arguments))
                .toList();
        int status = command.execute(all.toArray(String[]::new));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    private void result(String name, String json, int ageSeconds) throws IOException {
        Path file = Files.createDirectories(results.resolve(name)).resolve("result.json");
        Files.writeString(file, json);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_800_000_000 - ageSeconds)));
    }

    private static String media(String scenario, double process, double loops, double packets) {
        return """
                {"scenario":"%s","size":400,"commit":"abc","machine":{"cpu":"AMD","cpus":2},\
                "serverCpuMicrosPerForwardedPacket":%s,"loopCpuMicrosPerForwardedPacket":%s,"forwardedPacketsPerSecond":%s}
                """.formatted(scenario, process, loops, packets);
    }

    @Test
    void theNewestResultsOfTheBenchesAreTheUnitCosts() throws Exception {
        result("a", media("saturate", 12, 8, 100_000), 10);
        result("b", media("saturate", 99, 99, 100_000), 20);
        result("c", media("fanout", 77, 77, 100_000), 0);
        result("d", "{\"scenario\":\"join\",\"serverCpuCores\":1.25,\"joinsPerSecond\":50,\"size\":50}", 0);
        result("e", "{\"scenario\":\"rooms\",\"heapKibPerParticipant\":280,\"size\":500}", 5);
        result("f", "{\"scenario\":\"rooms\",\"heapKibPerParticipant\":null,\"size\":500}", 0);

        JsonNode process = json(run("--json"));
        assertThat(process.at("/costs/packetMicros/value").asDouble()).isEqualTo(12);
        assertThat(process.at("/costs/packetMicros/source").asText())
                .startsWith("serverCpuMicrosPerForwardedPacket of bench saturate 400, commit abc, 2 CPUs of AMD")
                .endsWith(Path.of("a", "result.json").toString());
        assertThat(process.at("/costs/joinMillis/value").asDouble()).isEqualTo(25);
        assertThat(process.at("/costs/heapKib/value").asDouble()).isEqualTo(280);
        assertThat(process.at("/mediaNodes/needed").asInt()).isEqualTo(742);
        assertThat(process.at("/mediaNodes/withSpare").asInt()).isEqualTo(891);

        assertThat(json(run("--json", "--packet-cost", "loops"))
                        .at("/mediaNodes/needed")
                        .asInt())
                .isEqualTo(495);
    }

    @Test
    void aComparisonWithAnotherServerCountsForThisProduct() throws Exception {
        result("a", "{\"rotunda\":" + media("fanout", 12, 8, 20_000) + ",\"janus\":{\"scenario\":\"fanout\"}}", 0);

        assertThat(json(runWithOtherCosts("--json")).at("/mediaNodes/needed").asInt())
                .isEqualTo(742);
    }

    @Test
    void aMeasurementOfFewPacketsIsNamed() throws Exception {
        result("a", media("fanout", 112, 25, 1_400), 0);

        assertThat(runWithOtherCosts().out()).contains("only 1400 packets/s, so fixed costs");
    }

    @Test
    void linesHaveTheFiguresAndTheirOrigin() {
        Result result = runWithOtherCosts("--set=costs.packet-micros=2.5");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "1,000,000 in 199,033 rooms",
                        "4,425 participants, bound by network (16 cores, 25 Gbit/s, at 60 %)",
                        "media nodes      226; with spare 271",
                        "costs.packet-micros of --set",
                        "costs.in-packet-ratio of the default mix");
    }

    @Test
    void aCostThatNobodyMeasuredIsAskedFor() {
        Result result = runWithOtherCosts();

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("costs.packet-micros is unknown", results.toString(), "bin/rotunda bench saturate");
    }

    @Test
    void badInputIsABadCommandLine() throws Exception {
        assertThat(run("--set=media-node.cores=0").status()).isEqualTo(2);
        assertThat(run("--set=media-node.cores=0").err()).contains("media-node.cores must be a number above 0");
        assertThat(run("--mix=" + results.resolve("none.conf")).status()).isEqualTo(2);
        assertThat(run("--packet-cost=all").status()).isEqualTo(2);
        assertThat(run("--participants=3").status()).isEqualTo(2);
        result("a", "{", 0);
        assertThat(run().status()).isEqualTo(2);
        assertThat(run().err()).contains("is no result of a bench");
    }

    private static JsonNode json(Result result) throws IOException {
        assertThat(result.status()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }
}
