package org.rotunda.record.ffmpeg;

import java.util.List;
import java.util.Locale;

/** The reasons why a run of ffmpeg failed. They are the label {@code reason} of a metric. */
public enum FfmpegFailure {
    /** The program could not be started. */
    NOT_STARTED,

    /** The run used more processor time than it may. */
    CPU_LIMIT,

    /** The run took longer than it may. */
    TIME_LIMIT,

    /** The run asked for more memory than it may have. */
    MEMORY_LIMIT,

    /** The disk was full, or the result was larger than it may be. */
    SPACE,

    /** The program crashed. */
    CRASHED,

    /** Somebody else killed the program; the kernel does so when the machine is out of memory. */
    KILLED,

    /** The program said that it could not read its sources, or it rendered too few frames. */
    BAD_MEDIA;

    // A process that was ended by a signal has this exit code plus the number of the signal.
    private static final int SIGNALLED = 128;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGXCPU = 24;
    private static final int SIGXFSZ = 25;

    /** ffmpeg's own exit code when a signal told it to end. SIGXCPU is the one it gets here: we kill it by SIGKILL. */
    private static final int ENDED_BY_SIGNAL = 255;

    private static final List<String> MEMORY_WORDS =
            List.of("cannot allocate memory", "out of memory", "memory exhausted", "bad_alloc");
    private static final List<String> SPACE_WORDS = List.of("no space left", "file too large", "disk quota exceeded");

    /** Returns why a run failed that ended by itself with this exit code, which is not 0. */
    static FfmpegFailure of(int exitCode, String errors) {
        String words = errors.toLowerCase(Locale.ROOT);
        if (exitCode == ENDED_BY_SIGNAL || exitCode == SIGNALLED + SIGXCPU) {
            return CPU_LIMIT;
        }
        if (exitCode == SIGNALLED + SIGXFSZ || SPACE_WORDS.stream().anyMatch(words::contains)) {
            return SPACE;
        }
        if (MEMORY_WORDS.stream().anyMatch(words::contains)) {
            return MEMORY_LIMIT; // Before crashes: some libraries abort when they get no memory.
        }
        if (exitCode == SIGNALLED + SIGKILL || exitCode == SIGNALLED + SIGTERM) {
            return KILLED;
        }
        return exitCode >= SIGNALLED ? CRASHED : BAD_MEDIA;
    }
}
