package org.rotunda.load.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.client.Ports;
import org.rotunda.load.cluster.Directories;
import org.rotunda.load.cluster.NodeProcess;

/** {@code rotunda dev} in a process of its own, with every buffer watched for leaks, and what can be seen of it from outside. Test thread only. */
final class ObservedNode implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);
    private static final int HEAP_MIB = 512;
    private static final String HOST = "127.0.0.1";
    private static final String DROPS = "rotunda_media_drops_total";
    private static final Pattern ACTORS =
            Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+org\\.apache\\.pekko\\.actor\\.ActorCell( |$)");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    /** Of everything that goes wrong, and nothing else: a client's own fault is a line of level INFO without a stack trace. */
    private static final Pattern COMPLAINT =
            Pattern.compile(" (ERROR|WARN) |^\\s+at |Exception|^Caused by|LEAK|OutOfMemory");

    /**
     * What says nothing of the node: that a collection and its histogram, or a machine with other work, stopped it for longer than a
     * beat of the cluster, and, in one line, how a client's DTLS failed or ended.
     */
    private static final Pattern EXPECTED = Pattern.compile(
            "Scheduled sending of heartbeat was delayed|this node did not run|INFO .* (a DTLS handshake failed|the"
                    + " peer ended DTLS with an alert|a DTLS record could not be processed): ");

    private static final Pattern CLASS = Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)");

    private static final List<String> TABLES = List.of(
            "rotunda_rooms",
            "rotunda_participants",
            "rotunda_tracks",
            "rotunda_sessions",
            "rotunda_media_rooms",
            "rotunda_media_transports",
            "rotunda_media_publications",
            "rotunda_media_subscriptions");

    private final int httpPort = Ports.free();
    private final NodeProcess process;

    private ObservedNode(String test, Map<String, Object> overrides) throws IOException {
        int managementPort = Ports.free();
        List<String> arguments = new ArrayList<>(List.of("dev"));
        Map<String, Object> settings = new TreeMap<>(overrides);
        settings.put("rotunda.http.port", httpPort);
        settings.put("rotunda.management.port", managementPort);
        settings.put("rotunda.media.port", Ports.free());
        settings.put("rotunda.media.loops", 1);
        settings.forEach((key, value) -> arguments.addAll(
                List.of("--set", key + "=" + (value instanceof String text ? '"' + text + '"' : value))));
        process = new NodeProcess(
                "dev",
                arguments,
                HEAP_MIB,
                // Every buffer is tracked. That records of its uses are kept as well would make the node many times
                // slower.
                List.of("-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.targetRecords=0"),
                Directories.emptied(test),
                managementPort);
    }

    /** With the embedded database. */
    static ObservedNode start(String test) {
        return start(test, Map.of());
    }

    /** @param overrides settings by their keys, in place of the development defaults */
    static ObservedNode start(String test, Map<String, Object> overrides) {
        try {
            ObservedNode node = new ObservedNode(test, overrides);
            try {
                node.process.start().awaitReady(START);
            } catch (RuntimeException | AssertionError failure) {
                node.close();
                throw failure;
            }
            return node;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Of REST. */
    String url() {
        return "http://" + HOST + ":" + httpPort;
    }

    URI signaling() {
        return URI.create("ws://" + HOST + ":" + httpPort + "/signaling");
    }

    InetSocketAddress http() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort);
    }

    Metrics metrics() {
        return process.metrics();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Drops so far, by reason. */
    Map<String, Long> drops() {
        Map<String, Long> byReason = new TreeMap<>();
        metrics().byLabel(DROPS, "reason").forEach((reason, count) -> byReason.put(reason, count.longValue()));
        return byReason;
    }

    /** Lines of the log that a node without faults does not write. */
    List<String> complaints() {
        return process.logLines().stream()
                .filter(line -> COMPLAINT.matcher(line).find()
                        && !EXPECTED.matcher(line).find())
                .toList();
    }

    /** After a full collection. */
    Footprint footprint() {
        String histogram = jcmd("GC.class_histogram");
        Metrics metrics = metrics();
        Map<String, Long> tables = new HashMap<>();
        TABLES.forEach(name -> tables.put(name.replace("rotunda_", ""), (long) metrics.sum(name)));
        return new Footprint(
                first(TOTAL, histogram),
                (long) metrics.value("jvm_buffer_pool_used_bytes{pool=\"direct\"}"),
                status("VmRSS") * 1024,
                (int) status("Threads"),
                fileDescriptors(),
                (int) first(ACTORS, histogram),
                tables);
    }

    private static long first(Pattern number, String text) {
        Matcher found = number.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException(
                    "no " + number + " in:\n" + text.lines().limit(20).toList());
        }
        return Long.parseLong(found.group(1));
    }

    /** Live objects by class, the biggest first: what grew, when something did. */
    List<String> biggestClasses(int count) {
        return jcmd("GC.class_histogram").lines().limit(count + 3L).toList();
    }

    /** Bytes of live objects by the name of their class. */
    Map<String, Long> liveBytes() {
        Map<String, Long> bytes = new HashMap<>();
        Matcher line = CLASS.matcher(jcmd("GC.class_histogram"));
        while (line.find()) {
            bytes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
        }
        return bytes;
    }

    private String jcmd(String command) {
        try {
            Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Process asked = new ProcessBuilder(tool.toString(), Long.toString(process.pid()), command)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A number of {@code /proc/PID/status}. */
    private long status(String field) {
        try {
            for (String line : Files.readAllLines(proc().resolve("status"))) {
                if (line.startsWith(field + ":")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        throw new IllegalStateException("the kernel says nothing of " + field);
    }

    private int fileDescriptors() {
        try (Stream<Path> open = Files.list(proc().resolve("fd"))) {
            return (int) open.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    @Override
    public void close() {
        process.close();
        process.awaitExit();
    }
}
