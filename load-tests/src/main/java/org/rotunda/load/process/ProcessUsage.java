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
 * The resources that a process has used so far, as the kernel counts them.
 *
 * @param cpuNanos user and system time of all its threads, in steps of the kernel's clock (10 ms on most machines)
 * @param cpuNanosByThread the time of the live threads by name; threads of the same name are added up
 * @param residentBytes memory in RAM
 */
public record ProcessUsage(long cpuNanos, Map<String, Long> cpuNanosByThread, long residentBytes) {
    public ProcessUsage {
        cpuNanosByThread = Map.copyOf(cpuNanosByThread);
    }

    /** Reads the usage of a live process. */
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
            // The thread may end before its file is read. The total of the process still includes the time of the
            // thread.
            if (Files.exists(thread)) {
                throw failed;
            }
        }
    }

    /** Returns the time of all live threads whose names have this prefix. */
    public long cpuNanosOfThreads(String prefix) {
        return cpuNanosByThread.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The kernel's clock, whose ticks are the unit of times under {@code /proc}. */
    public record KernelClock(long ticksPerSecond) {
        /** Asks the system for the rate of its clock. */
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
