package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confinement with real processes. A shell stands where ffmpeg would, because it fails in any way one asks it to. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
class FfmpegRunnerTest {
    private static final RunLimits LIMITS = new RunLimits(2, 1L << 30, 1L << 20, Duration.ofSeconds(60));

    @TempDir
    Path directory;

    private final FfmpegRunner shell = new FfmpegRunner("/bin/sh", FfmpegProbe.confinement());

    @BeforeEach
    void needsTheProgramsOfConfinement() {
        Media.assumeFfmpeg();
    }

    @CsvSource(
            delimiter = '|',
            value = {
                "while :; do :; done                                    | CPU_LIMIT",
                "exec tail /dev/zero                                    | MEMORY_LIMIT",
                "head -c 5000000 /dev/zero > big; exit $?               | SPACE",
                "kill -SEGV $$                                          | CRASHED",
                "kill -ABRT $$                                          | CRASHED",
                "kill -KILL $$                                          | KILLED",
                "exit 255                                               | CPU_LIMIT",
                "exit 69                                                | BAD_MEDIA",
                "echo 'x: Invalid data found' >&2; exit 1               | BAD_MEDIA",
                "echo 'out: No space left on device' >&2; exit 1        | SPACE"
            })
    @ParameterizedTest
    void saysWhyARunFailed(String script, FfmpegFailure failure) {
        assertThatThrownBy(() -> run(script, LIMITS))
                .isInstanceOfSatisfying(
                        FfmpegException.class, e -> assertThat(e.failure()).isEqualTo(failure));
    }

    @Test
    void killsWhatWaitsForEver() {
        RunLimits limits = new RunLimits(2, 1L << 30, 1L << 20, Duration.ofMillis(300));
        assertThatThrownBy(() -> run("sleep 1000 & echo $! > child; wait", limits))
                .isInstanceOfSatisfying(
                        FfmpegException.class, e -> assertThat(e.failure()).isEqualTo(FfmpegFailure.TIME_LIMIT));
        assertThatIsGone("child");
    }

    @Test
    void killsTheProcessAndItsChildrenWhenItsThreadIsInterrupted() throws Exception {
        CompletableFuture<Void> started = new CompletableFuture<>();
        AtomicReference<Throwable> end = new AtomicReference<>();
        String script = "sleep 1000 & echo $! > child; echo $$ > self; echo frame=1; wait";
        Thread worker = new Thread(() -> end.set(catchThrowable(
                () -> shell.run(List.of("-c", script), directory, LIMITS, frames -> started.complete(null)))));
        worker.start();
        started.get(30, TimeUnit.SECONDS);
        worker.interrupt();
        worker.join(30_000);
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThatIsGone("child");
        assertThatIsGone("self");
    }

    @Test
    void keepsOnlyTheEndOfALongStoryAboutErrors() {
        String script =
                "i=0; while [ $i -lt 3000 ]; do echo \"$i aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" >&2;"
                        + " i=$((i+1)); done; echo the last >&2; exit 1";
        assertThatThrownBy(() -> run(script, LIMITS)).hasMessage("ffmpeg ended with 1: the last");
        ErrorTail tail = new ErrorTail();
        tail.append(new byte[ErrorTail.BYTES_MAX], ErrorTail.BYTES_MAX);
        tail.append(new byte[] {'x', '\n'}, 2);
        assertThat(tail.text()).hasSize(ErrorTail.BYTES_MAX).endsWith("\0x\n");
        assertThat(tail.lastLine()).hasSize(500);
    }

    @Test
    void countsFramesAndIgnoresOtherProgress() throws Exception {
        String script =
                "echo frame=3; echo fps=9; echo frame=x; head -c 100000 /dev/zero; echo; echo frame=17; echo frame=";
        assertThat(run(script, LIMITS)).isEqualTo(17);
    }

    @Test
    void seesNoSecretsNoNetworkNoCapabilitiesAndItsDirectory() throws Exception {
        run("env > env; cat /proc/net/dev > net; pwd > pwd; cat /proc/self/status > status; nice > nice", LIMITS);
        assertThat(Files.readAllLines(directory.resolve("env")))
                .allMatch(line -> line.matches("(PATH|LC_ALL|AV_LOG_FORCE_NOCOLOR|PWD|OLDPWD|SHLVL|_)=.*"));
        assertThat(Files.readString(directory.resolve("pwd")).strip())
                .isEqualTo(directory.toRealPath().toString());
        assertThat(Integer.parseInt(Files.readString(directory.resolve("nice")).strip()))
                .isGreaterThanOrEqualTo(10);
        String status = Files.readString(directory.resolve("status"));
        assertThat(status).containsPattern("NoNewPrivs:\\s+1").containsPattern("CapEff:\\s+0+\n");
        if (!FfmpegProbe.confinement().networkArguments().isEmpty()) {
            assertThat(Files.readAllLines(directory.resolve("net"))).hasSize(3); // Two lines of titles, and lo.
        }
    }

    @Test
    void endsWithTheThreadThatStartedIt() throws Exception {
        Confinement confinement = FfmpegProbe.confinement();
        List<String> command = confinement.wrap(List.of("/bin/sh", "-c", "echo $$ > self; exec sleep 1000"), LIMITS);
        AtomicReference<Process> process = new AtomicReference<>();
        Thread parent = new Thread(() -> {
            try {
                process.set(new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start());
                while (!Files.exists(directory.resolve("self")) || Files.size(directory.resolve("self")) == 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        parent.start();
        parent.join(30_000);
        assertThat(process.get().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.get().exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void saysThatAProgramIsMissing() {
        assertThat(FfmpegProbe.missing("ffmpeg")).isEmpty();
        assertThat(FfmpegProbe.missing("no-such-ffmpeg")).containsExactly("the program no-such-ffmpeg");
        assertThat(FfmpegProbe.missing("true")).hasSize(4).contains("the encoder libvpx of true");
    }

    private long run(String script, RunLimits limits) throws Exception {
        return shell.run(List.of("-c", script), directory, limits, frames -> {});
    }

    private void assertThatIsGone(String file) {
        try {
            long pid = Long.parseLong(Files.readString(directory.resolve(file)).strip());
            // A killed process that nobody has waited for yet is still listed, but not alive.
            ProcessHandle.of(pid)
                    .ifPresent(each ->
                            each.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
