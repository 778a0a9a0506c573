package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.load.process.JdkHome;

/**
 * A node of the product in a process of its own, with its metrics and the resources that it uses. The node's output is
 * in {@code node.log}. Main thread only.
 */
final class MeasuredNode implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    // The time limit for connecting to the node and for its answer. It is high, because an overloaded node is slow.
    private static final Duration ASK = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final JdkHome jdk;
    private final int managementPort;
    private final Path directory;
    private final ServerProcess process;

    private MeasuredNode(
            JdkHome jdk, List<String> command, Map<String, String> environment, int managementPort, Path directory)
            throws IOException {
        this.jdk = jdk;
        this.managementPort = managementPort;
        this.directory = directory;
        process = ServerProcess.start(command, environment, directory, "node.log", this::isReady);
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
        return new MeasuredNode(jdk, command, environment, managementPort, directory);
    }

    private boolean isReady() {
        try {
            return get("/ready").statusCode() == 200;
        } catch (IOException notYet) { // A node that starts refuses connections, or resets them.
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
        return new NodeSample(System.nanoTime(), process.usage(), metrics);
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
        return process.log();
    }

    /** Asks the node to stop, so that it writes its recording. Kills the node if it does not stop in time. */
    @Override
    public void close() {
        process.close();
    }
}
