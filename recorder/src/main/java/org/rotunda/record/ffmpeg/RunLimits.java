package org.rotunda.record.ffmpeg;

import java.time.Duration;

/**
 * What one run of ffmpeg may use. The kernel enforces the first three.
 *
 * @param cpuSeconds processor time
 * @param memoryBytes address space
 * @param fileBytes the size of each file it writes
 * @param time time on the clock: processor time does not bound a process that waits
 */
public record RunLimits(long cpuSeconds, long memoryBytes, long fileBytes, Duration time) {
    static final long MEMORY_BYTES = 4L << 30;

    /** The processor time for a second of the result. The hardest case that was measured needs 1. */
    static final long CPU_PER_SECOND = 20;

    /** A short piece needs time to open its sources. */
    static final long CPU_SECONDS_MIN = 30;

    /** More than twice what an encoder may write in a second at its highest rate. */
    private static final long FILE_BYTES_PER_SECOND = 1L << 20;

    private static final long FILE_BYTES_MIN = 64L << 20;

    /** Returns the limits for a run that makes so much of a composition. */
    static RunLimits forOutput(long lengthMs) {
        long seconds = lengthMs / 1_000 + 1;
        long cpuSeconds = CPU_SECONDS_MIN + CPU_PER_SECOND * seconds;
        return new RunLimits(
                cpuSeconds,
                MEMORY_BYTES,
                FILE_BYTES_MIN + FILE_BYTES_PER_SECOND * seconds,
                Duration.ofSeconds(60 + 2 * cpuSeconds)); // Twice: it is nice to others, who may take half.
    }
}
