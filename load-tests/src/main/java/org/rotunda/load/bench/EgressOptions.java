package org.rotunda.load.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.rotunda.load.egress.EgressRig;
import org.rotunda.load.egress.EgressShape;

/**
 * The options of the egress bench.
 *
 * @param shape the bursts and their receivers
 * @param warmUp the time of saturated bursts before the first measurement
 * @param measure the length of each measurement
 * @param runs the number of runs, each of which measures the router and the floor with both paces
 * @param compiler the C compiler of the floor
 * @param profiling whether the router's loop is sampled
 * @param directory the directory of the results and of the floor
 * @param top the root of the checkout, which contains the source of the floor
 */
record EgressOptions(
        EgressShape shape,
        Duration warmUp,
        Duration measure,
        int runs,
        String compiler,
        boolean profiling,
        Path directory,
        Path top) {
    /** The shortest measurement, in which at least one paced burst is sent. */
    private static final Duration MEASURE_MIN = Duration.ofMillis(100);

    EgressOptions {
        require(
                measure.compareTo(MEASURE_MIN) >= 0 && measure.compareTo(EgressRig.MEASURE_MAX) <= 0,
                "--measure must be from " + MEASURE_MIN.toMillis() + " ms to " + EgressRig.MEASURE_MAX.toSeconds()
                        + " s, because receivers send no checks meanwhile: " + measure.toMillis() + " ms");
        require(runs >= 1, "--runs must be at least 1: " + runs);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
