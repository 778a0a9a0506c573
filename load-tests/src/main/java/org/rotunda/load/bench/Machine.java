package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine on which a bench ran. The figures have a meaning only for this machine.
 *
 * @param cpu the processor model, as the kernel names it
 * @param cpus the number of processors that this process can use
 * @param memoryBytes the memory of the machine
 */
record Machine(String cpu, int cpus, long memoryBytes, String kernel) {
    // The index of the field steal in the line "cpu" of /proc/stat (proc_stat(5)).
    private static final int STEAL = 7;

    static Machine read() throws IOException {
        return new Machine(
                field(Files.readString(Path.of("/proc/cpuinfo")), "model name"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(field(Files.readString(Path.of("/proc/meminfo")), "MemTotal")) << 10,
                System.getProperty("os.version", "unknown"));
    }

    /**
     * Returns the value of the first {@code name : value} line of this name, or "unknown" if there is no such line. The
     * names differ between architectures.
     */
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
     * The time of all processors since the machine started.
     *
     * @param stolen the time that the host gave to other virtual machines; figures are distorted while this time grows
     * @param total the whole time, including idle time
     */
    record CpuTime(long stolen, long total) {
        static CpuTime read() throws IOException {
            return parse(Files.readString(Path.of("/proc/stat")));
        }

        /**
         * Parses the first line of {@code /proc/stat}. The user time in the line already includes the time of guests.
         */
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
