package org.rotunda.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The content of {@code /proc/PID/status} or {@code /proc/PID/task/TID/status} (proc_pid_status(5)).
 *
 * @param residentBytes memory in RAM; 0 for a kernel thread, which has no memory of its own
 * @param threads the number of live threads
 * @param waits how often the thread has waited for something so far, and so how often it was woken; of a process those
 *     of its first thread
 */
public record ProcStatus(long residentBytes, int threads, long waits) {
    private static final String WAITS = "voluntary_ctxt_switches:";
    private static final String RESIDENT_KIB = "VmRSS:";
    private static final String THREADS = "Threads:";

    /** Reads the status of a live process. */
    public static ProcStatus of(long pid) throws IOException {
        return of(Path.of("/proc", Long.toString(pid)));
    }

    /** Reads the status of a live process or thread from its directory. */
    static ProcStatus of(Path directory) throws IOException {
        return parse(Files.readString(directory.resolve("status")));
    }

    static ProcStatus parse(String text) {
        return new ProcStatus(
                number(text, RESIDENT_KIB).orElse(0) << 10,
                Math.toIntExact(number(text, THREADS)
                        .orElseThrow(() -> new IllegalArgumentException("no number of threads in: " + text))),
                number(text, WAITS).orElse(0));
    }

    private static OptionalLong number(String text, String field) {
        return text.lines()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).replace("kB", "").trim())
                .mapToLong(Long::parseLong)
                .findFirst();
    }
}
