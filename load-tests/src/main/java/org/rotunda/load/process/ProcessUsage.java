package org.rotunda.load.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a process has used by now, as the kernel counts it.
 *
 * @param cpuNanos user and system time of all its threads, in steps of the kernel's clock (10 ms on most)
 * @param cpuNanosByThread of the threads alive, by name; those of one name added up
 * @param residentBytes memory in RAM
 */
public record ProcessUsage(long cpuNanos, Map<String, Long> cpuNanosByThread, long residentBytes) {
    public ProcessUsage {
        cpuNanosByThread = Map.copyOf(cpuNanosByThread);
    }

    /** Of a process that lives. */
    public static ProcessUsage of(long pid, KernelClock clock) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        Map<String, Long> byThread = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory.resolve("task"))) {
            for (Path thread : threads) {
                addThread(thread, clock, byThread);
            }
        }
        ProcStat whole =
                ProcStat.parse(Files.readString(directory.resolve("stat")).trim());
        return new ProcessUsage(
                clock.nanos(whole.cpuTicks()), byThread, ProcStatus.of(pid).residentBytes());
    }

    private static void addThread(Path thread, KernelClock clock, Map<String, Long> byThread) throws IOException {
        try {
            ProcStat stat =
                    ProcStat.parse(Files.readString(thread.resolve("stat")).trim());
            byThread.merge(stat.name(), clock.nanos(stat.cpuTicks()), Long::sum);
        } catch (IOException failed) {
            // It may end between the list and the look, or between open and read (ESRCH); the process still counts it.
            if (Files.exists(thread)) {
                throw failed;
            }
        }
    }

    /** Time of all threads whose names begin so. */
    public long cpuNanosOfThreads(String prefix) {
        return cpuNanosByThread.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The unit of times under {@code /proc}. */
    public record KernelClock(long ticksPerSecond) {
        /** Asks the system. */
        public static KernelClock read() throws IOException {
            Process getconf = new ProcessBuilder("getconf", "CLK_TCK").start();
            String answer = new String(getconf.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return new KernelClock(Long.parseLong(answer.trim()));
        }

        long nanos(long ticks) {
            return ticks * TimeUnit.SECONDS.toNanos(1) / ticksPerSecond;
        }
    }
}
