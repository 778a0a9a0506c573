package org.rotunda.load.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.process.JdkHome;

/**
 * The options of the command line.
 *
 * @param size the size of the scenario, in the unit that {@link Scenario.Kind#counted} names
 * @param warmUp the time between the last join and the measurement
 * @param measure the length of the measurement
 * @param runs the number of runs, each with a fresh node
 * @param segmentation whether the node is allowed to use UDP GSO
 * @param feedback whether the bots negotiate transport-wide feedback, without which the node controls no congestion
 * @param channels whether the bots have the media-signaling channels for the dominant speaker and network quality
 * @param jdk the JDK of the node
 * @param loops the number of media event loops of the node; 0 takes the product's default
 * @param keys further keys of the node's configuration
 * @param recording whether the JDK's flight recorder runs in the node
 * @param profiling whether a profiler samples the node during the measurement
 * @param peer the other server that is measured in turns with the node; null for none
 * @param peerCommand the program of the other server; empty for none
 * @param directory the directory of pictures, logs and recordings
 * @param top the root of the checkout, which contains the built node
 */
record BenchOptions(
        Scenario.Kind kind,
        int size,
        Duration warmUp,
        Duration measure,
        int runs,
        boolean segmentation,
        boolean feedback,
        boolean channels,
        JdkHome jdk,
        int loops,
        Map<String, String> keys,
        boolean recording,
        boolean profiling,
        @Nullable Peer peer,
        String peerCommand,
        Path directory,
        Path top) {
    // The shortest allowed measurement. A rate is computed from two samples, which are two seconds apart.
    private static final Duration MEASURE_MIN = Duration.ofSeconds(2);

    BenchOptions {
        keys = Map.copyOf(keys);
        if (measure.compareTo(MEASURE_MIN) < 0) {
            throw new IllegalArgumentException("--measure must be at least " + MEASURE_MIN.toSeconds() + " s");
        }
        if (runs < 1) {
            throw new IllegalArgumentException("--runs must be at least 1");
        }
        if (peer != null && kind != Scenario.Kind.FANOUT) {
            throw new IllegalArgumentException("--peer is for fanout only");
        }
        if (peer != null && profiling) {
            throw new IllegalArgumentException("--profile is for the product alone, without --peer");
        }
        if (loops < 0) {
            throw new IllegalArgumentException("--loops must not be negative");
        }
    }

    Scenario scenario() {
        return Scenario.of(kind, size);
    }
}
