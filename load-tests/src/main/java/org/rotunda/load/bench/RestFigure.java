package org.rotunda.load.bench;

/**
 * The figures of each measurement of the REST bench. The key of a figure is its name in the output of {@code --json}.
 * The meaning of a key never changes.
 */
enum RestFigure {
    PER_SECOND("perSecond", "1/s", 1),
    P50("p50Millis", "p50 ms", 2),
    P99("p99Millis", "p99 ms", 2),
    MAX("maxMillis", "max ms", 1),
    NODE_CPU_EACH("nodeCpuMicrosEach", "node CPU µs each", 0),
    NODE_CORES("nodeCpuCores", "node cores", 2),
    DATABASE_CORES("databaseCpuCores", "database cores", 2),
    BENCH_CORES("benchCpuCores", "bench cores", 2),
    STOLEN_RATIO("stolenCpuRatio", "stolen", 4);

    private final String key;
    private final String label;
    private final int digits;

    RestFigure(String key, String label, int digits) {
        this.key = key;
        this.label = label;
        this.digits = digits;
    }

    String key() {
        return key;
    }

    /** Returns the heading of the figure's column, with its unit. */
    String label() {
        return label;
    }

    /** Returns the number of decimal places to show. */
    int digits() {
        return digits;
    }
}
