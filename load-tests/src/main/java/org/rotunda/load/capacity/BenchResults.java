package org.rotunda.load.capacity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.rotunda.load.capacity.UnitCosts.Cost;

/** The results of benches: the files {@code result.json} in a directory and one level below. Newest first. */
final class BenchResults {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "result.json";

    /** The object of this product in a result that compares it with another server. */
    private static final String OURS = "rotunda";

    /**
     * The packets per second from which on the CPU time of a packet is mainly that of the packet. Below, the fixed costs
     * of a process count for much.
     */
    private static final double PACKETS_PER_SECOND_MIN = 10_000;

    private static final double MILLIS_PER_SECOND = 1e3;

    /** The CPU time that counts for a packet. */
    enum PacketCost {
        /** That of the whole process, with rooms, signaling and the JVM's own threads. */
        PROCESS("serverCpuMicrosPerForwardedPacket"),
        /** That of the media loops alone. */
        LOOPS("loopCpuMicrosPerForwardedPacket");

        private final String key;

        PacketCost(String key) {
            this.key = key;
        }
    }

    private record Result(Path file, JsonNode figures) {
        boolean isOf(Set<String> scenarios) {
            return scenarios.contains(figures.path("scenario").asText());
        }

        String describe() {
            return "bench " + figures.path("scenario").asText() + " "
                    + figures.path("size").asText() + ", commit "
                    + figures.path("commit").asText("unknown") + ", "
                    + figures.path("machine").path("cpus").asText("?") + " CPUs of "
                    + figures.path("machine").path("cpu").asText("an unknown kind") + ", " + file;
        }
    }

    private final List<Result> newestFirst;

    private BenchResults(List<Result> newestFirst) {
        this.newestFirst = List.copyOf(newestFirst);
    }

    /**
     * Reads all results. There are none if the directory does not exist.
     *
     * @throws IllegalArgumentException if a file is no result
     */
    static BenchResults in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new BenchResults(List.of());
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory, 2)) {
            files = found.filter(file -> file.endsWith(FILE)).toList();
        }
        record Dated(Result result, FileTime time) {}
        List<Dated> results = new ArrayList<>();
        for (Path file : files) {
            results.add(new Dated(new Result(file, figures(file)), Files.getLastModifiedTime(file)));
        }
        return new BenchResults(results.stream()
                .sorted(Comparator.comparing(Dated::time).reversed())
                .map(Dated::result)
                .toList());
    }

    private static JsonNode figures(Path file) throws IOException {
        try {
            JsonNode read = JSON.readTree(Files.readString(file));
            return read.has(OURS) ? read.get(OURS) : read;
        } catch (JsonProcessingException damaged) {
            throw new IllegalArgumentException(
                    file + " is no result of a bench: " + damaged.getOriginalMessage(), damaged);
        }
    }

    /**
     * Returns the CPU time of a packet in µs: of the newest {@code saturate}, which measures a node near its limit, else
     * of the newest {@code fanout} or {@code mesh}.
     */
    Optional<Cost> packetMicros(PacketCost kind) {
        ToDoubleFunction<JsonNode> figure = result -> number(result, kind.key);
        Optional<Result> measured =
                newest(Set.of("saturate"), figure).or(() -> newest(Set.of("fanout", "mesh"), figure));
        return measured.map(result -> {
            double packets = number(result.figures(), "forwardedPacketsPerSecond");
            String warning = packets < PACKETS_PER_SECOND_MIN
                    ? "; only " + Math.round(packets)
                            + " packets/s, so fixed costs of the process make up much of it: run bench saturate"
                    : "";
            return new Cost(figure.applyAsDouble(result.figures()), kind.key + " of " + result.describe() + warning);
        });
    }

    /** Returns the CPU time of a join in ms, of the newest {@code join}. It includes some seconds of media. */
    Optional<Cost> joinMillis() {
        return cost(
                Set.of("join"),
                result -> number(result, "serverCpuCores") * MILLIS_PER_SECOND / number(result, "joinsPerSecond"),
                "serverCpuCores / joinsPerSecond");
    }

    /** Returns the heap of a participant in KiB, of the newest {@code rooms} or {@code mesh}. */
    Optional<Cost> heapKib() {
        return cost(
                Set.of("rooms", "mesh"), result -> number(result, "heapKibPerParticipant"), "heapKibPerParticipant");
    }

    private Optional<Cost> cost(Set<String> scenarios, ToDoubleFunction<JsonNode> figure, String name) {
        return newest(scenarios, figure)
                .map(result -> new Cost(figure.applyAsDouble(result.figures()), name + " of " + result.describe()));
    }

    /** Returns the newest result of these scenarios in which the figure was measured. */
    private Optional<Result> newest(Set<String> scenarios, ToDoubleFunction<JsonNode> figure) {
        return newestFirst.stream()
                .filter(result -> result.isOf(scenarios))
                .filter(result -> {
                    double value = figure.applyAsDouble(result.figures());
                    return value > 0 && Double.isFinite(value);
                })
                .findFirst();
    }

    private static double number(JsonNode result, String key) {
        return result.path(key).asDouble(Double.NaN);
    }
}
