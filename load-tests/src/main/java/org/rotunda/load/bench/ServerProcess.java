package org.rotunda.load.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rotunda.load.process.ProcessUsage;

/** A server in a process of its own, whose resources are measured. Its output is in a log. Main thread only. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Tells whether the server is ready for clients. */
    interface Readiness {
        boolean isReady();
    }

    private final ProcessUsage.KernelClock clock;
    private final Path log;
    private final Process process;

    private ServerProcess(List<String> command, Map<String, String> environment, Path directory, String name)
            throws IOException {
        clock = ProcessUsage.KernelClock.read();
        log = directory.resolve(name);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new IOException("cannot start " + command.get(0) + ": is it installed?", missing);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end of the server"));
    }

    /**
     * Starts a server and returns when it is ready.
     *
     * @param command the whole command line
     * @param environment environment variables in addition to those of this process
     * @param directory the existing directory in which the process runs
     * @param log the name of the file for the output, in the directory
     */
    static ServerProcess start(
            List<String> command, Map<String, String> environment, Path directory, String log, Readiness readiness)
            throws IOException {
        ServerProcess server = new ServerProcess(command, environment, directory, log);
        boolean ready = false;
        try {
            server.await(readiness);
            ready = true;
            return server;
        } finally {
            if (!ready) { // The server must not outlive the bench, whatever went wrong.
                server.close();
            }
        }
    }

    private void await(Readiness readiness) {
        long endNanos = System.nanoTime() + START.toNanos();
        while (!readiness.isReady()) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended with " + process.exitValue() + "; its log: " + log);
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new IllegalStateException("the server is not ready after " + START + "; its log: " + log);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    long pid() {
        return process.pid();
    }

    ProcessUsage usage() throws IOException {
        return ProcessUsage.of(process.pid(), clock);
    }

    /** Returns everything that the server has logged so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    private static boolean await(Process ending, Duration patience) {
        try {
            return ending.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Asks the server to stop. Kills it if it does not stop in time. */
    @Override
    public void close() {
        process.destroy();
        if (!await(process, STOP)) {
            process.destroyForcibly();
        }
    }
}
