package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Makes a table of a node's threads: the processor time and the wake-ups of each group, most expensive first. Pure. */
final class ThreadTable {
    /** One group of threads, for example all threads of a pool. */
    private record Group(String name, double cpuMillis, double wakeUps) {}

    private ThreadTable() {}

    /** Returns the lines of the table, for the time between two samples. Groups that did nothing are left out. */
    static List<String> of(NodeSample begin, NodeSample end) {
        double seconds = end.seconds(begin);
        Map<String, Double> cpu =
                byGroup(begin.usage().cpuNanosByThread(), end.usage().cpuNanosByThread(), seconds * 1e6);
        Map<String, Double> wakeUps =
                byGroup(begin.usage().wakeUpsByThread(), end.usage().wakeUpsByThread(), seconds);
        List<Group> groups = new ArrayList<>();
        cpu.forEach((name, millis) -> groups.add(new Group(name, millis, wakeUps.getOrDefault(name, 0.0))));
        groups.sort(Comparator.comparingDouble(Group::cpuMillis)
                .thenComparingDouble(Group::wakeUps)
                .reversed());
        List<String> lines = new ArrayList<>();
        lines.add(line("threads", "CPU, ms/s", "wake-ups/s"));
        for (Group group : groups) {
            if (group.cpuMillis > 0 || group.wakeUps > 0) {
                lines.add(line(group.name, number(group.cpuMillis), number(group.wakeUps)));
            }
        }
        return lines;
    }

    /** Adds up what the threads of each group have gained. A thread that has ended is left out. */
    private static Map<String, Double> byGroup(Map<String, Long> begin, Map<String, Long> end, double divisor) {
        Map<String, Double> groups = new TreeMap<>();
        end.forEach((thread, value) -> groups.merge(
                group(thread), Math.max(0, value - begin.getOrDefault(thread, 0L)) / divisor, Double::sum));
        return groups;
    }

    /** Returns the name of the group: the name of the thread without the number at its end. */
    private static String group(String thread) {
        return thread.replaceFirst("[-# ]?[-#0-9]*$", "");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String line(String name, String cpu, String wakeUps) {
        return String.format(Locale.ROOT, "%-20s %10s %10s", name, cpu, wakeUps);
    }
}
