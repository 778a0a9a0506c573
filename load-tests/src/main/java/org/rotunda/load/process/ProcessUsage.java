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
 * @param wakeUpsByThread how often the live threads were woken after a wait, by name
 * @param residentBytes memory in RAM
 */
public record ProcessUsage(
        long cpuNanos, Map<String, Long> cpuNanosByThread, Map<String, Long> wakeUpsByThread, long residentBytes) {
    public ProcessUsage {
        cpuNanosByThread = Map.copyOf(cpuNanosByThread);
        wakeUpsByThread = Map.copyOf(wakeUpsByThread);
    }

    /** Reads the usage of a live process. */
    public static ProcessUsage of(long pid, KernelClock clock) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        Map<String, Long> cpu = new HashMap<>();
        Map<String, Long> wakeUps = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory.resolve("task"))) {
            for (Path thread : threads) {
                addThread(thread, clock, cpu, wakeUps);
            }
        }
        ProcStat whole =
                ProcStat.parse(Files.readString(directory.resolve("stat")).trim());
        return new ProcessUsage(
                clock.nanos(whole.cpuTicks()), cpu, wakeUps, ProcStatus.of(pid).residentBytes());
    }

    private static void addThread(Path thread, KernelClock clock, Map<String, Long> cpu, Map<String, Long> wakeUps)
            throws IOException {
        try {
            ProcStat stat =
                    ProcStat.parse(Files.readString(thread.resolve("stat")).trim());
            cpu.merge(stat.name(), clock.nanos(stat.cpuTicks()), Long::sum);
            wakeUps.merge(stat.name(), ProcStatus.of(thread).waits(), Long::sum);
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

    /** Returns how often the live threads were woken together. */
    public long wakeUps() {
        return wakeUpsByThread.values().stream().mapToLong(Long::longValue).sum();
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
