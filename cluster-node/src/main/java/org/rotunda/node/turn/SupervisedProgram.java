package org.rotunda.node.turn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs as a child of this process. It is started again, after a pause, whenever it ends. It is killed
 * when {@link #close} is called, and when this process ends, even by SIGKILL. What it prints goes to the log at DEBUG,
 * and its last lines at WARN when it has ended. Thread-safe.
 */
final class SupervisedProgram implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedProgram.class);

    /** The number of lines that are kept for the report of an end. */
    private static final int LAST_LINES_MAX = 20;

    /** The time limit for the end of the program after it was killed. */
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /**
     * A shell script that runs the program and waits on standard input, a pipe from this process that nothing is
     * written to. The pipe ends when this process closes it or has ended. Then the script kills the program. The script
     * ignores Ctrl-C, which the terminal sends to all processes, because it must still be there when this process ends.
     */
    private static final String SCRIPT = """
        trap '' INT HUP
        exec 3<&0
        "$@" 3<&- </dev/null &
        program=$!
        ( read -r _ <&3; kill -KILL "$program" ) 2>/dev/null &
        watch=$!
        exec 3<&-
        wait "$program"
        status=$?
        kill "$watch" 2>/dev/null
        exit "$status"
        """;

    private final String name;
    private final List<String> command;
    private final UnaryOperator<String> redaction;
    private final RestartPauses pauses;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final Object lock = new Object();
    // Guarded by the lock.
    private final Deque<String> lastLines = new ArrayDeque<>();
    private @Nullable Process current; // This is guarded by the lock too. It is null while no process runs.

    private SupervisedProgram(
            String name, List<String> command, UnaryOperator<String> redaction, RestartPauses pauses) {
        this.name = name;
        this.command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, name));
        this.command.addAll(command);
        this.redaction = redaction;
        this.pauses = pauses;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the program and returns at once.
     *
     * @param name the name of the program in the log
     * @param command the program and its arguments, which other users of the machine can read
     * @param redaction removes secrets from a line that the program has printed
     */
    static SupervisedProgram start(
            String name, List<String> command, UnaryOperator<String> redaction, RestartPauses pauses) {
        SupervisedProgram program = new SupervisedProgram(name, command, redaction, pauses);
        program.thread.start();
        return program;
    }

    private void run() {
        try {
            while (!isClosed()) {
                long startedAt = System.nanoTime();
                String end = runOnce();
                if (isClosed()) {
                    return;
                }
                Duration pause = pauses.after(Duration.ofNanos(System.nanoTime() - startedAt));
                LOG.warn(
                        "{} {}; it starts again in {} ms. Its last lines:{}",
                        name,
                        end,
                        pause.toMillis(),
                        lastLinesInOneText());
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException asked) {
            LOG.warn("the thread that supervises {} was interrupted, so {} is not started again", name, name);
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the program until it has ended. Returns how it has ended, in words. */
    private String runOnce() throws InterruptedException {
        Process process;
        synchronized (lock) {
            if (isClosed()) {
                return "was closed";
            }
            lastLines.clear();
            try {
                process = new ProcessBuilder(command).redirectErrorStream(true).start();
            } catch (IOException failure) {
                return "could not start: " + failure.getMessage();
            }
            current = process;
        }
        try {
            readLines(process);
            return "ended with status " + process.waitFor();
        } finally {
            synchronized (lock) {
                current = null;
            }
        }
    }

    private void readLines(Process process) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine(redaction.apply(line));
            }
        } catch (IOException failure) { // The stream also fails when the process is destroyed during a read.
            LOG.debug("the output of {} cannot be read on: {}", name, failure.getMessage());
        }
    }

    private void onLine(String line) {
        LOG.debug("{}: {}", name, line);
        synchronized (lock) {
            if (lastLines.size() == LAST_LINES_MAX) {
                lastLines.remove();
            }
            lastLines.add(line);
        }
    }

    /** Returns the last lines that the present or last run of the program has printed, without secrets. */
    List<String> lastLines() {
        synchronized (lock) {
            return List.copyOf(lastLines);
        }
    }

    private String lastLinesInOneText() {
        String separator = System.lineSeparator() + "  ";
        List<String> lines = lastLines();
        return lines.isEmpty() ? " none" : separator + String.join(separator, lines);
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Kills the program and waits until it has ended. A second call does nothing. */
    @Override
    public void close() {
        Process process;
        synchronized (lock) {
            closed.countDown();
            process = current;
        }
        if (process != null) {
            end(process);
        }
    }

    private void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        try {
            process.getOutputStream().close(); // The end of the pipe: the script kills the program.
            if (process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            LOG.warn("{} has not ended {} s after it was killed", name, STOP_MAX.toSeconds());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
