package org.rotunda.load.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The floor: a program in C that sends the same bursts with nothing around. It is compiled when the bench starts, with
 * OpenSSL if its headers and library are there.
 */
public final class FloorProgram {
    /** The source of the program, below the root of the checkout. */
    public static final Path SOURCE = Path.of("load-tests", "src", "main", "c", "egress_floor.c");

    private final Path program;

    private FloorProgram(Path program) {
        this.program = program;
    }

    /**
     * Compiles the program.
     *
     * @param compiler the C compiler, {@code cc} for the one on the PATH
     * @param source the source file
     * @param directory the directory for the program
     * @throws FloorMissingException if there is no compiler or no source, or if the compiler fails
     */
    public static FloorProgram build(String compiler, Path source, Path directory) throws FloorMissingException {
        if (!Files.isReadable(source)) {
            throw new FloorMissingException("there is no file " + source);
        }
        Path program = directory.resolve("egress_floor").toAbsolutePath();
        List<String> plain = List.of(compiler, "-O2", "-o", program.toString(), source.toString());
        List<String> encrypting = new ArrayList<>(plain);
        encrypting.add("-DWITH_OPENSSL");
        encrypting.add("-lcrypto");
        if (run(encrypting).status != 0) {
            Ended ended = run(plain);
            if (ended.status != 0) {
                throw new FloorMissingException(compiler + " fails: " + ended.firstLine());
            }
        }
        return new FloorProgram(program);
    }

    /** Sends bursts to these ports of this machine. Blocks. */
    FloorSample run(EgressShape shape, EgressPace pace, Duration time, List<Integer> ports)
            throws FloorMissingException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                pace.name().toLowerCase(Locale.ROOT),
                Long.toString(time.toMillis()),
                Integer.toString(shape.packets()),
                Integer.toString(shape.datagramBytes()),
                Integer.toString(shape.burstsPerSecond())));
        ports.forEach(port -> command.add(port.toString()));
        Ended ended = run(command);
        if (ended.status != 0) {
            throw new FloorMissingException("the program fails: " + ended.firstLine());
        }
        try {
            return FloorSample.parse(ended.output);
        } catch (IllegalArgumentException unreadable) {
            throw new FloorMissingException(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    /** The status of a process that has ended, and what it wrote, with its errors. */
    private record Ended(int status, String output) {
        String firstLine() {
            return output.lines().findFirst().orElse("status " + status);
        }
    }

    private static Ended run(List<String> command) throws FloorMissingException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException failure) {
            throw new FloorMissingException(command.get(0) + " cannot be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
