package org.rotunda.load.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.cluster.DevProcess;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.load.process.ProcStatus;

/**
 * A process of {@code rotunda dev} that tests observe from outside. It tracks every buffer for leaks. Test thread only.
 */
final class ObservedNode implements AutoCloseable {
    private static final int HEAP_MIB = 512;

    /**
     * The options of the node's JVM. Netty tracks every buffer but keeps no records of its uses, because records would
     * make the node many times slower. Each garbage collection clears all soft references, because the JDK keeps about
     * 7 MiB of data in them. It reads this data again at irregular times, which would look like growth.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Dio.netty.leakDetection.level=paranoid",
            "-Dio.netty.leakDetection.targetRecords=0",
            "-XX:SoftRefLRUPolicyMSPerMB=0");

    /** The {@code jcmd} of the test's JDK, on which the node runs, too. */
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    private static final String ACTOR = "org.apache.pekko.actor.ActorCell";
    private static final String DROPS = "rotunda_media_drops_total";
    /** Matches log lines about faults of the node. A client's fault is logged at level INFO without a stack trace. */
    private static final Pattern COMPLAINT =
            Pattern.compile(" (ERROR|WARN) |^\\s+at |Exception|^Caused by|LEAK|OutOfMemory");

    /**
     * Matches log lines that report no fault of the node. A class histogram or a busy machine may pause the node for
     * longer than a heartbeat of the cluster, and a client's DTLS may fail or end.
     */
    private static final Pattern EXPECTED = Pattern.compile(
            "Scheduled sending of heartbeat was delayed|this node did not run|media loop \\d+ (was|is still) held|INFO .* (a DTLS handshake failed|the"
                    + " peer ended DTLS with an alert|a DTLS record could not be processed): ");

    /** Matches the log lines about turns that held a media loop for a second or more. */
    private static final Pattern LOOP_HELD = Pattern.compile(" WARN .*media loop \\d+ (was|is still) held");

    private static final List<String> TABLES = List.of(
            "rotunda_rooms",
            "rotunda_participants",
            "rotunda_tracks",
            "rotunda_sessions",
            "rotunda_media_rooms",
            "rotunda_media_transports",
            "rotunda_media_publications",
            "rotunda_media_subscriptions");

    private final DevProcess dev;

    private ObservedNode(DevProcess dev) {
        this.dev = dev;
    }

    /** Starts a node with these settings in place of the development defaults. */
    static ObservedNode start(String test, Map<String, Object> overrides) throws IOException {
        return new ObservedNode(DevProcess.start(test, overrides, HEAP_MIB, JVM_OPTIONS));
    }

    /** Returns the base URL of the REST API. */
    String url() {
        return dev.url();
    }

    URI signaling() {
        return dev.signaling();
    }

    InetSocketAddress http() {
        return dev.http();
    }

    Metrics metrics() {
        return dev.node().metrics();
    }

    boolean isAlive() {
        return dev.node().isAlive();
    }

    /** Returns the media drops so far by reason. */
    Map<String, Long> drops() {
        Map<String, Long> byReason = new TreeMap<>();
        metrics().byLabel(DROPS, "reason").forEach((reason, count) -> byReason.put(reason, count.longValue()));
        return byReason;
    }

    /** Returns the log lines that report faults of the node. */
    List<String> complaints() {
        return dev.node().logLines().stream()
                .filter(line -> COMPLAINT.matcher(line).find()
                        && !EXPECTED.matcher(line).find())
                .toList();
    }

    /** Returns the log lines about turns that held the media loop for a second or more. */
    List<String> heldLoops() {
        return dev.node().logLines().stream()
                .filter(line -> LOOP_HELD.matcher(line).find())
                .toList();
    }

    /**
     * Measures this many times and returns the result with the smallest heap, because garbage and pending timers vary.
     */
    Footprint footprint(int looks) throws IOException {
        Footprint smallest = footprint();
        for (int i = 1; i < looks; i++) {
            Footprint next = footprint();
            smallest = next.heapBytes() < smallest.heapBytes() ? next : smallest;
        }
        return smallest;
    }

    private Footprint footprint() throws IOException {
        ClassHistogram histogram = histogram();
        ProcStatus status = ProcStatus.of(dev.node().pid());
        if (histogram.objects(ACTOR) == 0) {
            throw new IllegalStateException(
                    // Without this check a growing number of actors would go unnoticed.
                    "no " + ACTOR + " in " + histogram.biggest(20));
        }
        Metrics metrics = metrics();
        return new Footprint(
                histogram.totalBytes(),
                (long) metrics.value("jvm_buffer_pool_used_bytes{pool=\"direct\"}"),
                status.residentBytes(),
                status.threads(),
                fileDescriptors(),
                (int) histogram.objects(ACTOR),
                tables(metrics));
    }

    /** Returns the node's gauges, for instance of rooms, participants and transports. */
    Map<String, Long> tables() {
        return tables(metrics());
    }

    private static Map<String, Long> tables(Metrics metrics) {
        Map<String, Long> tables = new TreeMap<>();
        TABLES.forEach(name -> tables.put(name.replace("rotunda_", ""), (long) metrics.sum(name)));
        return tables;
    }

    /** Returns the live objects by class, to show which classes have grown. */
    ClassHistogram histogram() throws IOException {
        return ClassHistogram.of(JCMD, dev.node().pid());
    }

    private int fileDescriptors() throws IOException {
        try (Stream<Path> open =
                Files.list(Path.of("/proc", Long.toString(dev.node().pid()), "fd"))) {
            return (int) open.count();
        }
    }

    @Override
    public void close() {
        dev.close();
    }
}
