package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tests the supervision of a program with shell scripts as programs. */
class SupervisedProgramTest {
    private static final String SECRET = "hunter2";

    private final Logger logger = (Logger) LoggerFactory.getLogger(SupervisedProgram.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.list = new CopyOnWriteArrayList<>(); // The supervisor's thread adds to it.
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static String redacted(String line) {
        return line.replace(SECRET, "…");
    }

    private static SupervisedProgram start(String script) {
        return SupervisedProgram.start(
                "program",
                List.of("/bin/sh", "-c", script),
                SupervisedProgramTest::redacted,
                new RestartPauses(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofHours(1)));
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Returns the process id that the program prints as its line {@code pid N}; not that of an earlier run. */
    private static long processId(SupervisedProgram program, long earlier) {
        return Eventually.get(
                "the program's line",
                () -> program.lastLines().stream()
                        .filter(line -> line.startsWith("pid "))
                        .map(line -> Long.parseLong(line.substring(4)))
                        .filter(id -> id != earlier)
                        .findFirst());
    }

    @Test
    void aProgramThatEndsIsStartedAgainAfterLongerAndLongerPauses() {
        SupervisedProgram program = start("echo one; echo two; exit 3");
        Eventually.isTrue("four ends", () -> warnings().size() >= 4);
        program.close();

        assertThat(warnings().subList(0, 4))
                .extracting(warning -> warning.replace(System.lineSeparator(), "|"))
                .containsExactly(
                        "program ended with status 3; it starts again in 10 ms. Its last lines:|  one|  two",
                        "program ended with status 3; it starts again in 20 ms. Its last lines:|  one|  two",
                        "program ended with status 3; it starts again in 40 ms. Its last lines:|  one|  two",
                        "program ended with status 3; it starts again in 40 ms. Its last lines:|  one|  two");
    }

    @Test
    void aProgramThatIsKilledIsStartedAgain() {
        try (SupervisedProgram program = start("echo pid $$; exec sleep 600")) {
            long first = processId(program, -1);

            assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();

            long second = processId(program, first);
            assertThat(ProcessHandle.of(second)).isPresent();
            assertThat(warnings()).singleElement().asString().startsWith("program ended with status 137;");
        }
    }

    @Test
    void theProgramIsGoneAfterClose() {
        SupervisedProgram program = start("trap '' TERM INT; echo pid $$; while :; do sleep 1; done");
        long id = processId(program, -1);

        program.close();
        program.close(); // A second call does nothing.

        Eventually.hasEnded("the program", id);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aProgramThatIsClosedDuringAPauseIsNotStartedAgain() {
        SupervisedProgram program = SupervisedProgram.start(
                "program",
                List.of("/bin/sh", "-c", "exit 3"),
                SupervisedProgramTest::redacted,
                new RestartPauses(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(2)));
        Eventually.isTrue("the end", () -> warnings().size() == 1);

        program.close();

        assertThat(warnings()).hasSize(1);
    }

    @Test
    void linesAreLoggedWithoutSecretsAndTheLastOnesAreKept() {
        try (SupervisedProgram program = start("echo the secret is " + SECRET
                + "; i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo $i; done; echo to stderr >&2; exec sleep 600")) {
            Eventually.isTrue("the last line", () -> program.lastLines().contains("to stderr"));

            assertThat(program.lastLines()).hasSize(20).contains("30").doesNotContain("11");
        }

        List<String> lines =
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).contains("program: the secret is …", "program: 30");
        assertThat(lines).noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void aProgramThatIsNotThereIsReported() {
        try (SupervisedProgram program = SupervisedProgram.start(
                "program",
                List.of("/no/such/program"),
                SupervisedProgramTest::redacted,
                new RestartPauses(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1)))) {
            Eventually.isTrue("the report", () -> !warnings().isEmpty());

            assertThat(warnings()).singleElement().asString().startsWith("program ended with status 127;");
            assertThat(program.lastLines()).anyMatch(line -> line.contains("/no/such/program"));
        }
    }

    /** The program of {@link #theProgramEndsWithAKilledProcess}: supervises a program until it is killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            SupervisedProgram program = start("echo pid $$; exec sleep 600");
            System.out.println(processId(program, -1));
            Thread.currentThread().join();
        }
    }

    @Test
    void theProgramEndsWithAKilledProcess() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            long program = Eventually.get("the process id", () -> {
                try {
                    return Optional.ofNullable(lines.readLine())
                            .filter(line -> line.matches("\\d+"))
                            .map(Long::parseLong);
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            assertThat(ProcessHandle.of(program)).isPresent();

            parent.destroyForcibly().waitFor();

            Eventually.hasEnded("the program", program);
        } finally {
            parent.destroyForcibly();
        }
    }
}
