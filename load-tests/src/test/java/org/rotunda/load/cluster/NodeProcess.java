package org.rotunda.load.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.client.ProductCommand;
import org.rotunda.load.testkit.Await;

/**
 * The product as a process of the operating system, with the options that {@code bin/rotunda} gives it. The process can
 * be killed, stopped, continued, and restarted with the same configuration. The output of all starts goes to one file.
 * Used by the test thread and by a thread that supervises the process.
 */
public final class NodeProcess implements AutoCloseable {
    // The maximum number of restarts by supervision. A node that fails more often has a defect, and the test must show
    // it.
    private static final int SUPERVISED_STARTS_MAX = 10;
    /** The directory of the built product, as {@code bin/rotunda} runs it. */
    private static final Path PRODUCT = Path.of(System.getProperty("rotunda.product", "../cluster-node/target/rotunda"))
            .toAbsolutePath()
            .normalize();

    private static final Duration ASK = Duration.ofSeconds(2);
    /** On a busy machine a node may collect its metrics for some seconds. */
    private static final Duration ASK_METRICS = Duration.ofSeconds(20);

    private static final Duration END = Duration.ofSeconds(60);
    private static final Duration HALF_DAY = Duration.ofHours(12);
    private static final Pattern LOG_TIME = Pattern.compile("^(\\d\\d:\\d\\d:\\d\\d\\.\\d{3}) ");

    private final String name;
    private final Function<Path, List<String>> command; // By the build of the product.
    private final Path directory;
    private final Path log;
    private final String managementUrl;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final Object lock = new Object();
    private @Nullable Process process; // The lock guards this field and all fields below.
    private Path product = PRODUCT;
    private boolean ended = true;
    private boolean supervised;
    private int startsBySupervision;
    private OptionalInt exitCode = OptionalInt.empty();

    /**
     * Creates a process that is not started yet.
     *
     * @param arguments the arguments of the program, as they would follow {@code bin/rotunda} on a command line
     * @param directory the working directory, which also gets the log
     * @param place the place in the network of this machine
     */
    NodeProcess(String name, List<String> arguments, int heapMib, Path directory, Place place, int managementPort) {
        this(name, arguments, heapMib, List.of(), List.of(), directory, place, managementPort);
    }

    /** Creates a process with these further directories of classes behind those of the product. */
    NodeProcess(
            String name,
            List<String> arguments,
            List<Path> classes,
            int heapMib,
            Path directory,
            Place place,
            int managementPort) {
        this(name, arguments, heapMib, List.of(), classes, directory, place, managementPort);
    }

    /** Creates a process on loopback with further JVM options. */
    NodeProcess(
            String name,
            List<String> arguments,
            int heapMib,
            List<String> javaOptions,
            Path directory,
            int managementPort) {
        this(name, arguments, heapMib, javaOptions, List.of(), directory, Place.LOOPBACK, managementPort);
    }

    private NodeProcess(
            String name,
            List<String> arguments,
            int heapMib,
            List<String> javaOptions,
            List<Path> classes,
            Path directory,
            Place place,
            int managementPort) {
        this.name = name;
        this.directory = directory;
        log = directory.resolve(name + ".log");
        managementUrl = "http://" + place.serviceHost() + ":" + managementPort;
        command = build -> Stream.concat(
                        place.launcher().stream(), command(build, arguments, heapMib, javaOptions, classes).stream())
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end of " + name));
    }

    private static List<String> command(
            Path build, List<String> arguments, int heapMib, List<String> javaOptions, List<Path> classes) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heapMib + "m"));
        command.addAll(javaOptions);
        List<String> product =
                new ArrayList<>(ProductCommand.of(build, Runtime.version().feature()));
        int classPath = product.indexOf("-cp") + 1;
        classes.forEach(each -> product.set(classPath, product.get(classPath) + File.pathSeparator + each));
        command.addAll(product);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    String name() {
        return name;
    }

    /** Makes the next starts run the product that this build has made. */
    void runBuild(Path build) {
        synchronized (lock) {
            product = build;
        }
    }

    /** Makes the next starts run the product that is tested. */
    void runTestedBuild() {
        runBuild(PRODUCT);
    }

    /** Starts or restarts the process, without waiting until the node is ready. */
    NodeProcess start() {
        synchronized (lock) {
            if (process != null && process.isAlive()) {
                throw new IllegalStateException(name + " runs already");
            }
            ended = false;
            exitCode = OptionalInt.empty();
            try {
                process = new ProcessBuilder(command.apply(product))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            var unused = process.onExit().thenAccept(this::onExit);
            return this;
        }
    }

    private void onExit(Process gone) {
        synchronized (lock) {
            exitCode = OptionalInt.of(gone.exitValue());
            boolean byItself = !ended && gone == process;
            if (byItself && supervised && gone.exitValue() != 0 && startsBySupervision < SUPERVISED_STARTS_MAX) {
                startsBySupervision++;
                start();
            }
        }
    }

    /**
     * Begins to supervise the process. From now on the process is restarted, as Kubernetes would do, when it ends with
     * a failure and the test has not killed it.
     */
    void supervise() {
        synchronized (lock) {
            supervised = true;
        }
    }

    /** Returns how often supervision has restarted the process. */
    int startsBySupervision() {
        synchronized (lock) {
            return startsBySupervision;
        }
    }

    private Process process() {
        synchronized (lock) {
            return Objects.requireNonNull(process, "not started");
        }
    }

    boolean wasStarted() {
        synchronized (lock) {
            return process != null;
        }
    }

    public boolean isAlive() {
        synchronized (lock) {
            return process != null && process.isAlive();
        }
    }

    public long pid() {
        return process().pid();
    }

    /** Kills the process with SIGKILL and returns when it has ended. */
    void kill() {
        Process dying = ending();
        signal("KILL");
        awaitExit(dying);
    }

    /** Asks the node to stop in an orderly way with SIGTERM. Does not wait. */
    void terminate() {
        ending();
        signal("TERM");
    }

    /** Stops all threads of the process with SIGSTOP, without any notice to the other nodes. */
    void suspend() {
        signal("STOP");
    }

    /** Lets the process continue after {@link #suspend}. */
    void resume() {
        signal("CONT");
    }

    private Process ending() {
        synchronized (lock) {
            ended = true;
            return process();
        }
    }

    private void signal(String signal) {
        try {
            Process sent = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start();
            if (sent.waitFor() != 0) {
                throw new IllegalStateException("no process " + pid() + " of " + name + " to send " + signal);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Waits until the current process has ended and returns its exit code. */
    int awaitExit() {
        return awaitExit(process());
    }

    private int awaitExit(Process dying) {
        try {
            if (!dying.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not end" + tail());
            }
            return dying.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Returns the exit code of the last process that ended. */
    OptionalInt exitCode() {
        synchronized (lock) {
            return exitCode;
        }
    }

    /** Waits until the node reports that it is ready. On failure the error shows the end of the node's log. */
    void awaitReady(Duration patience) {
        Await.until(() -> name + " to be ready" + tail(), patience, () -> {
            if (!isAlive() && !isSupervised()) {
                throw new AssertionError(name + " ended with " + exitCode() + " before it was ready" + tail());
            }
            return isReady();
        });
    }

    private boolean isSupervised() {
        synchronized (lock) {
            return supervised;
        }
    }

    boolean isReady() {
        return get("/ready").map(response -> response.statusCode() == 200).orElse(false);
    }

    /** Sends an order about the drain of the node, and returns the answer, which must be 200. */
    JsonNode order(String path) {
        return drainAnswer(
                HttpRequest.newBuilder(URI.create(managementUrl + path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Returns how far the drain of the node is. */
    JsonNode drain() {
        return drainAnswer(HttpRequest.newBuilder(URI.create(managementUrl + "/drain")));
    }

    private JsonNode drainAnswer(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(ASK_METRICS).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(name + " answers " + answer.statusCode() + ": " + answer.body());
            }
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Returns the current metrics of the node. Fails if the node does not answer. */
    public Metrics metrics() {
        HttpResponse<String> response = get("/metrics", ASK_METRICS)
                .orElseThrow(() -> new AssertionError(name + " does not return its metrics" + tail()));
        return Metrics.parse(response.body());
    }

    /** Returns the current metrics of the node; empty if the node does not answer. */
    Optional<Metrics> tryMetrics() {
        return get("/metrics").map(response -> Metrics.parse(response.body()));
    }

    /** Sends a GET request; the result is empty if the node does not answer because it is dead, starting or stopped. */
    private Optional<HttpResponse<String>> get(String path) {
        return get(path, ASK);
    }

    private Optional<HttpResponse<String>> get(String path, Duration patience) {
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(URI.create(managementUrl + path))
                            .timeout(patience)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException silent) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Returns all lines of the log so far. */
    public List<String> logLines() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Returns the time from {@code from} to the first log line with this text at or after {@code from}; empty if there
     * is no such line yet.
     */
    Optional<Duration> loggedAfter(String text, LocalTime from) {
        return loggedAfter(logLines(), text, from);
    }

    static Optional<Duration> loggedAfter(List<String> lines, String text, LocalTime from) {
        return lines.stream()
                .filter(line -> line.contains(text))
                .map(LOG_TIME::matcher)
                .filter(Matcher::find)
                .map(time -> after(from, LocalTime.parse(time.group(1))))
                .filter(time -> time.compareTo(HALF_DAY) < 0)
                .findFirst();
    }

    /**
     * Returns the time from one time of day to the next occurrence of the other. The log has no dates, so a line counts
     * as later if this time is shorter than half a day.
     */
    private static Duration after(LocalTime from, LocalTime to) {
        Duration sameDay = Duration.between(from, to);
        return sameDay.isNegative() ? sameDay.plusDays(1) : sameDay;
    }

    private String tail() {
        List<String> lines = logLines();
        return "\n--- end of " + log + "\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    /** Kills the process, even if it is stopped. */
    @Override
    public void close() {
        synchronized (lock) {
            ended = true;
            if (process != null) {
                process.destroyForcibly(); // SIGKILL ends even stopped processes.
            }
        }
    }
}
