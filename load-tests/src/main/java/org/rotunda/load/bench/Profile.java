package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process's time went: samples by kind of thread and by the frame that ran. Time in the kernel counts for the function that
 * called it. Pure.
 *
 * @param samples all of them
 * @param byThread by the name of the thread without its number
 * @param byFrame of each kind of thread, by what it was doing itself
 */
record Profile(long samples, Map<String, Long> byThread, Map<String, Map<String, Long>> byFrame) {
    static final int FRAMES = 10;
    private static final int THREADS = 8;
    private static final String KERNEL = "_[k]";
    private static final Pattern THREAD = Pattern.compile("\\[(.*?)[-#0-9. ]*tid=\\d+]");
    private static final Pattern KIND = Pattern.compile("_\\[[a-z0-9]]$");

    /**
     * Reads stacks as async-profiler writes them: a line for each, frames from the outermost, the thread first, separated by semicolons,
     * then the number of samples.
     */
    static Profile parse(List<String> lines) {
        long samples = 0;
        Map<String, Long> byThread = new HashMap<>();
        Map<String, Map<String, Long>> byFrame = new HashMap<>();
        for (String line : lines) {
            int end = line.lastIndexOf(' ');
            if (end < 0) {
                continue;
            }
            long count = Long.parseLong(line.substring(end + 1));
            String[] frames = line.substring(0, end).split(";", -1);
            Matcher named = THREAD.matcher(frames[0]);
            String thread = named.matches() ? named.group(1) : "?";
            samples += count;
            byThread.merge(thread, count, Long::sum);
            byFrame.computeIfAbsent(thread, unseen -> new HashMap<>()).merge(own(frames), count, Long::sum);
        }
        return new Profile(samples, byThread, byFrame);
    }

    /** The innermost frame; or who called the kernel, when it was there. */
    private static String own(String[] frames) {
        int last = frames.length - 1;
        int caller = last;
        while (caller > 0 && frames[caller].endsWith(KERNEL)) {
            caller--;
        }
        String name = KIND.matcher(frames[caller]).replaceFirst("").replace('/', '.');
        return caller < last ? name + " (kernel)" : name;
    }

    /** The kinds of threads with most samples, and the frames with most among threads whose names begin so. */
    List<String> table(String threads) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-24s %8s", "threads", "of all"));
        descending(byThread).stream().limit(THREADS).forEach(entry -> lines.add(line(24, entry, samples)));
        Map<String, Long> frames = new HashMap<>();
        byFrame.forEach((thread, own) -> {
            if (thread.startsWith(threads)) {
                own.forEach((frame, count) -> frames.merge(frame, count, Long::sum));
            }
        });
        long all = frames.values().stream().mapToLong(Long::longValue).sum();
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-100s %8s", "own time in " + threads, "of these"));
        descending(frames).stream().limit(FRAMES).forEach(entry -> lines.add(line(100, entry, all)));
        return lines;
    }

    private static String line(int width, Map.Entry<String, Long> entry, long all) {
        return String.format(
                Locale.ROOT, "%-" + width + "s %6.1f %%", entry.getKey(), 100.0 * entry.getValue() / Math.max(1, all));
    }

    private static List<Map.Entry<String, Long>> descending(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .toList();
    }
}
