package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.process.JdkHome;

/** Runs the REST bench on a small scale against the built product, only to show that it works. */
class RestBenchRunTest {
    @Test
    void everyPartYieldsFigures(@TempDir Path directory) throws Exception {
        RestOptions options = new RestOptions(
                EnumSet.allOf(RestPart.class),
                RestOptions.ROOMS_LISTED_MIN,
                2,
                Duration.ZERO,
                Duration.ofSeconds(1),
                1,
                10,
                2,
                0, // The measurement with a raised bound needs a second node.
                Optional.empty(),
                JdkHome.at(Path.of(System.getProperty("java.home"))),
                directory,
                Path.of("..").toAbsolutePath().normalize());
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        RestBench.measure(
                options, true, new Progress(System.err, false), new PrintStream(out, true, StandardCharsets.UTF_8));

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("| rooms created"))
                .anyMatch(line -> line.startsWith("| lists, last page of 200"))
                .anyMatch(line -> line.startsWith("| callbacks, 2 accounts, default bounds"));
        JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        for (String subject : List.of(
                "creates", "listsFirst", "listsAny", "listsLast", "callbacksOneAccount", "callbacksSeveralAccounts")) {
            for (String figure : List.of("perSecond", "p99Millis", "nodeCpuMicrosEach", "databaseCpuCores")) {
                assertThat(json.path(subject).path(figure).isNumber())
                        .as(subject + " " + figure)
                        .isTrue();
            }
            assertThat(json.path(subject).path("perSecond").asDouble())
                    .as(subject)
                    .isPositive();
        }
        assertThat(json.get("database").asText()).contains("fsync on", "a server of the bench");
        assertThat(directory.resolve("result.json")).isNotEmptyFile();
        assertThat(Files.exists(directory.resolve("database")))
                .as("data of the database")
                .isFalse();
    }
}
