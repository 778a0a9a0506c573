package org.rotunda.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.client.Ports;
import org.rotunda.load.client.ProductCommand;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.load.process.JdkHome;
import org.rotunda.load.process.ProcessUsage;

/**
 * The measured node. It runs {@code rotunda dev} from the build, in its own process with a fresh database. Main thread
 * only.
 */
final class BenchNode implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START = Duration.ofMinutes(3);
    // The time limit for connecting to the node and for its answer. It is high, because an overloaded node is slow.
    private static final Duration ASK = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int CREATED = 201;
    private static final Pattern SEGMENTATION = Pattern.compile("media loops from .*segmentation=(true|false)");

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final int httpPort = Ports.free();
    private final int managementPort = Ports.free();
    private final ProcessUsage.KernelClock clock;
    private final JdkHome jdk;
    private final Path log;
    private final Path directory;
    private final Process process;

    private BenchNode(BenchOptions options, Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        clock = ProcessUsage.KernelClock.read();
        jdk = options.jdk();
        log = directory.resolve("node.log");
        process = new ProcessBuilder(command(options))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end of the node"));
    }

    /** Starts a node and returns when it is ready. */
    static BenchNode start(BenchOptions options, Path directory) throws IOException {
        BenchNode node = new BenchNode(options, directory);
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

    private List<String> command(BenchOptions options) {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        if (options.recording()) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + directory.resolve("node.jfr").toAbsolutePath());
        }
        if (options.profiling()) { // Without these options, the profiler finds wrong frames for many samples.
            command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
        }
        command.addAll(ProductCommand.of(options.top().resolve("cluster-node/target/rotunda"), jdk.feature()));
        command.add("dev");
        set(command, "rotunda.http.port", httpPort);
        set(command, "rotunda.management.port", managementPort);
        set(command, "rotunda.media.bind", HOST);
        set(command, "rotunda.media.port", 0);
        set(command, "rotunda.media.loops", options.loops());
        set(command, "rotunda.media.segmentation", options.segmentation());
        return command;
    }

    private static void set(List<String> command, String key, Object value) {
        command.add("--set");
        command.add(key + "=" + value);
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
        return send(HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + managementPort + path))
                .timeout(ASK)
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    URI signaling() {
        return URI.create("ws://" + HOST + ":" + httpPort + "/signaling");
    }

    /** Creates a room with a higher limit of participants than the default. */
    void createRoom(String name, int participantsMax) {
        String form =
                "UniqueName=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&MaxParticipants=" + participantsMax;
        String credentials = Tokens.ACCOUNT + ":" + Tokens.AUTH_TOKEN;
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + httpPort + "/v1/Rooms"))
                .timeout(ASK)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() != CREATED) {
                throw new IllegalStateException("room " + name + " was not created: " + answer.body());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
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

    /** Returns whether the node uses UDP segmentation offload, which it logs at its start. */
    boolean isSegmenting() throws IOException {
        Matcher line = SEGMENTATION.matcher(Files.readString(log));
        return line.find() && Boolean.parseBoolean(line.group(1));
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
