package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the standard output of the process {@code rotunda dev} from its start to its end. */
class NodeOutputTest {
    private static final long DEADLINE_SECONDS = 120;
    private static final int BANNER_WITHIN_LINES = 12;

    private final Path directory;
    private String searchPath = Optional.ofNullable(System.getenv("PATH")).orElse("");

    NodeOutputTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void jsonIsAllThereIs() throws Exception {
        assertThat(run("rotunda.log.format=json", "rotunda.http.port=0")).isZero();

        ObjectMapper json = new ObjectMapper();
        List<String> messages = new ArrayList<>();
        for (String line : output()) {
            messages.add(json.readTree(line).path("formattedMessage").asText());
        }
        assertThat(messages).contains("node is ready");
    }

    @Test
    void theBannerIsAmongTheFirstLines() throws Exception {
        assertThat(run("rotunda.http.port=0", "rotunda.turn.dev-server=off")).isZero();

        List<String> lines = output();
        assertThat(lines.subList(0, Math.min(BANNER_WITHIN_LINES, lines.size())))
                .anyMatch(line -> line.startsWith("Rotunda is ready: http://127.0.0.1:"))
                .anyMatch(line -> line.startsWith("  API key     SK"))
                .anyMatch(line -> line.startsWith("  recording   only simulated"))
                .anyMatch(line -> line.startsWith("  TURN        none (rotunda.turn.dev-server = off)"));
        assertThat(lines)
                .noneMatch(line -> line.startsWith("# stop"))
                .as("the log has the format that the configuration names")
                .noneMatch(line -> line.startsWith("{"));
    }

    @Test
    void theBannerSaysHowToInstallCoturn() throws Exception {
        searchPath = directory.toString();

        assertThat(run("rotunda.http.port=0")).isZero();

        assertThat(output())
                .contains("  TURN        none, because coturn is not installed (Debian: apt-get install coturn)");
    }

    @Test
    void theTurnServerEndsWithTheProcess() throws Exception {
        assumeTrue(
                Stream.of(searchPath.split(File.pathSeparator, -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place).resolve("turnserver"))),
                "needs coturn");

        assertThat(run("rotunda.http.port=0")).isZero();

        assertThat(output())
                .anyMatch(line -> line.startsWith("  TURN        turn:127.0.0.1:") && line.contains("coturn"));
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(command -> command.contains(directory.toString())))
                .isEmpty();
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve("turn"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aPortInUseIsReportedBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(run("rotunda.http.port=" + port, "rotunda.http.prot=1")).isEqualTo(Main.EXIT_CONFIGURATION);
            assertThat(Files.readAllLines(directory.resolve("err")))
                    .contains("rotunda: rotunda.http.port: 127.0.0.1:" + port + " is already in use")
                    .anyMatch(line -> line.startsWith("rotunda: unknown key rotunda.http.prot in --set"));
            assertThat(run("rotunda.http.port=" + port)).isEqualTo(NodeProcess.EXIT_UNAVAILABLE);
        }

        assertThat(output()).isEmpty();
        assertThat(directory.resolve("data")).as("its database").doesNotExist();
    }

    private List<String> output() throws IOException {
        return Files.readAllLines(directory.resolve("out"));
    }

    /** Runs the program with these overrides until it is ready. Returns the exit status. */
    private int run(String... overrides) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                // Without this property, the log configuration of the tests would apply.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                classPath,
                Main.class.getName(),
                "dev",
                "--until-ready",
                "--set",
                "rotunda.media.port=0",
                "--set",
                "rotunda.management.port=0"));
        for (String override : overrides) {
            command.addAll(List.of("--set", override));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("PATH", searchPath);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("in time")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
