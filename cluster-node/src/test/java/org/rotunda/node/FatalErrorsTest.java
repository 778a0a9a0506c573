package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests, in separate processes, what happens to a process after an uncaught exception. */
class FatalErrorsTest {
    /** The exit status of the {@link Throwing} program when nothing ends its process early. */
    private static final int GOES_ON = 3;

    /** A program that starts a thread. The thread throws what the program's argument names. */
    static final class Throwing {
        private Throwing() {}

        public static void main(String[] arguments) throws InterruptedException {
            FatalErrors.endTheProcess();
            Thread thread = new Thread(() -> {
                if (arguments[0].equals("error")) {
                    throw new NoClassDefFoundError("on purpose");
                }
                throw new IllegalStateException("on purpose");
            });
            thread.start();
            thread.join();
            System.exit(GOES_ON);
        }
    }

    private static Process run(String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Throwing.class.getName(),
                        argument)
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process;
    }

    @Test
    void anErrorEndsTheProcessAndIsLogged() throws IOException, InterruptedException {
        Process process = run("error");

        assertThat(process.exitValue()).isEqualTo(FatalErrors.EXIT_STATUS);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("NoClassDefFoundError: on purpose");
    }

    @Test
    void anotherExceptionEndsOnlyItsThread() throws IOException, InterruptedException {
        assertThat(run("exception").exitValue()).isEqualTo(GOES_ON);
    }
}
