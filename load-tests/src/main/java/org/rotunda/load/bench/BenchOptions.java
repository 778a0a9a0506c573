package org.rotunda.load.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.rotunda.load.process.JdkHome;

/**
 * What was asked for on the command line.
 *
 * @param size of the scenario, see {@link Scenario.Kind#counted}
 * @param warmUp after everybody is in, before anything counts
 * @param measure how long a run counts
 * @param runs each with a fresh node
 * @param segmentation whether the node may use UDP GSO
 * @param jdk of the node
 * @param loops media event loops of the node; 0 takes the product's default
 * @param recording whether the JDK's flight recorder runs in the node
 * @param profiling whether a profiler looks on while measuring
 * @param directory of pictures, logs and recordings
 * @param top of the checkout, where the built node is
 */
record BenchOptions(
        Scenario.Kind kind,
        int size,
        Duration warmUp,
        Duration measure,
        int runs,
        boolean segmentation,
        JdkHome jdk,
        int loops,
        boolean recording,
        boolean profiling,
        Path directory,
        Path top) {
    private static final Duration MEASURE_MIN = Duration.ofSeconds(2); // Two samples, or there is no rate.

    BenchOptions {
        if (measure.compareTo(MEASURE_MIN) < 0) {
            throw new IllegalArgumentException("--measure must be at least " + MEASURE_MIN.toSeconds() + " s");
        }
        if (runs < 1) {
            throw new IllegalArgumentException("--runs must be at least 1");
        }
        if (loops < 0) {
            throw new IllegalArgumentException("--loops must not be negative");
        }
    }

    Scenario scenario() {
        return Scenario.of(kind, size);
    }
}
