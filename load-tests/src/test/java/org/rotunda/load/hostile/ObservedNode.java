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

/** {@code rotunda dev} in a process of its own, with every buffer watched for leaks, and what can be seen of it from outside. Test thread only. */
final class ObservedNode implements AutoCloseable {
    private static final int HEAP_MIB = 512;

    /**
     * Every buffer is tracked. That records of its uses are kept as well would make the node many times slower. And a collection lets
     * go of what is held softly: the JDK keeps 7 MiB so, mostly manifests of signed jars, and reads them again when it likes.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Dio.netty.leakDetection.level=paranoid",
            "-Dio.netty.leakDetection.targetRecords=0",
            "-XX:SoftRefLRUPolicyMSPerMB=0");

    /** Asked with the JDK the node runs on, which is the test's. */
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    private static final String ACTOR = "org.apache.pekko.actor.ActorCell";
    private static final String DROPS = "rotunda_media_drops_total";
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

    /** With the embedded database. */
    static ObservedNode start(String test) throws IOException {
        return start(test, Map.of());
    }

    /** @param overrides settings by their keys, in place of the development defaults */
    static ObservedNode start(String test, Map<String, Object> overrides) throws IOException {
        return new ObservedNode(DevProcess.start(test, overrides, HEAP_MIB, JVM_OPTIONS));
    }

    /** Of REST. */
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

    /** Drops so far, by reason. */
    Map<String, Long> drops() {
        Map<String, Long> byReason = new TreeMap<>();
        metrics().byLabel(DROPS, "reason").forEach((reason, count) -> byReason.put(reason, count.longValue()));
        return byReason;
    }

    /** Lines of the log that a node without faults does not write. */
    List<String> complaints() {
        return dev.node().logLines().stream()
                .filter(line -> COMPLAINT.matcher(line).find()
                        && !EXPECTED.matcher(line).find())
                .toList();
    }

    /** The smallest of some looks: between two collections a call makes garbage, and timers hold what is about to go. */
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
                    "no " + ACTOR + " in " + histogram.biggest(20)); // Or any growth of theirs would pass.
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

    /** How many of everything there are, as the node says. */
    Map<String, Long> tables() {
        return tables(metrics());
    }

    private static Map<String, Long> tables(Metrics metrics) {
        Map<String, Long> tables = new TreeMap<>();
        TABLES.forEach(name -> tables.put(name.replace("rotunda_", ""), (long) metrics.sum(name)));
        return tables;
    }

    /** Live objects by class: what grew, when something did. */
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
