package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a bench ran, so that its figures can be read.
 *
 * @param cpu model, as the kernel calls it
 * @param cpus that this process may use
 * @param memoryBytes of the machine
 */
record Machine(String cpu, int cpus, long memoryBytes, String kernel) {
    private static final int STEAL = 7; // Of user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)).

    static Machine read() throws IOException {
        return new Machine(
                field(Files.readString(Path.of("/proc/cpuinfo")), "model name"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(field(Files.readString(Path.of("/proc/meminfo")), "MemTotal")) << 10,
                System.getProperty("os.version", "unknown"));
    }

    /** The first value of a {@code name : value} line; not every kind of machine has each. */
    static String field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
    }

    private static long kibibytes(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    String describe() {
        return cpus + " CPUs of " + cpu + ", " + (memoryBytes >> 30) + " GiB, Linux " + kernel;
    }

    /**
     * How all processors have spent their time since the machine started.
     *
     * @param stolen by the host, for other machines: a bench on a machine that is robbed measures the robber
     * @param total all of it, idle too
     */
    record CpuTime(long stolen, long total) {
        static CpuTime read() throws IOException {
            return parse(Files.readString(Path.of("/proc/stat")));
        }

        /** From the first line of {@code /proc/stat}; guests are part of user time there. */
        static CpuTime parse(String stat) {
            String line = stat.lines()
                    .filter(any -> any.startsWith("cpu "))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no line for all CPUs in /proc/stat"));
            String[] fields = line.substring(3).trim().split(" +", -1);
            long total = 0;
            for (int i = 0; i <= STEAL && i < fields.length; i++) {
                total += Long.parseLong(fields[i]);
            }
            return new CpuTime(fields.length > STEAL ? Long.parseLong(fields[STEAL]) : 0, total);
        }

        double stolenRatioSince(CpuTime earlier) {
            long passed = total - earlier.total;
            return passed == 0 ? 0 : (double) (stolen - earlier.stolen) / passed;
        }
    }
}
