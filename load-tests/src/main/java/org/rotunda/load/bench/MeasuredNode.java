package org.rotunda.load.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.load.process.JdkHome;
import org.rotunda.load.process.ProcessUsage;

/**
 * A node of the product in a process of its own, with its metrics and the resources that it uses. The node's output is
 * in {@code node.log}. Main thread only.
 */
final class MeasuredNode implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final Duration START = Duration.ofMinutes(3);
    // The time limit for connecting to the node and for its answer. It is high, because an overloaded node is slow.
    private static final Duration ASK = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final ProcessUsage.KernelClock clock;
    private final JdkHome jdk;
    private final int managementPort;
    private final Path directory;
    private final Path log;
    private final Process process;

    private MeasuredNode(
            JdkHome jdk, List<String> command, Map<String, String> environment, int managementPort, Path directory)
            throws IOException {
        this.jdk = jdk;
        this.managementPort = managementPort;
        this.directory = directory;
        clock = ProcessUsage.KernelClock.read();
        log = directory.resolve("node.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end of the node"));
    }

    /**
     * Starts a node and returns when it is ready.
     *
     * @param command the whole command line, beginning with the JDK's {@code java}
     * @param environment environment variables in addition to those of this process
     * @param directory the existing directory of the node's log
     */
    static MeasuredNode start(
            JdkHome jdk, List<String> command, Map<String, String> environment, int managementPort, Path directory)
            throws IOException {
        MeasuredNode node = new MeasuredNode(jdk, command, environment, managementPort, directory);
        boolean ready = false;
        try {
            node.awaitReady();
            ready = true;
            return node;
        } finally {
            if (!ready) { // The node must not outlive the bench, whatever went wrong.
                node.close();
            }
        }
    }

    private void awaitReady() throws IOException {
        long endNanos = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the node ended with " + process.exitValue() + "; its log: " + log);
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new IllegalStateException("the node is not ready after " + START + "; its log: " + log);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isReady() throws IOException {
        try {
            return get("/ready").statusCode() == 200;
        } catch (ConnectException | HttpTimeoutException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        return send(HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + managementPort + path)));
    }

    /** Sends a request to this node, with a time limit, and returns the answer. */
    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(ASK).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    NodeSample sample() throws IOException {
        Metrics metrics = Metrics.parse(get("/metrics").body());
        return new NodeSample(System.nanoTime(), ProcessUsage.of(process.pid(), clock), metrics);
    }

    /** Returns the bytes of all live objects; empty if the node's JDK has no {@code jcmd}. */
    OptionalDouble liveHeapBytes() throws IOException {
        if (!Files.isExecutable(jdk.jcmd())) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                (double) ClassHistogram.of(jdk.jcmd(), process.pid()).totalBytes());
    }

    /** Starts to profile the node's processor time. */
    Profiler profile() throws IOException {
        return Profiler.start(jdk, process.pid(), directory);
    }

    /** Returns everything that the node has logged so far. */
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

    /** Asks the node to stop, so that it writes its recording. Kills the node if it does not stop in time. */
    @Override
    public void close() {
        process.destroy();
        if (!await(process, STOP)) {
            process.destroyForcibly();
        }
    }
}
