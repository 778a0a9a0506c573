package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A profile of a process's processor time. A kind of thread is the name of a thread without its number. Time in the
 * kernel counts for the function that made the system call. Pure.
 *
 * @param samples the number of all samples
 * @param byThread the number of samples by kind of thread
 * @param byFrame for each kind of thread, the number of samples by the innermost frame
 * @param byProduct for each kind of thread, the number of samples by the innermost method of the product on the stack;
 *     a sample in a library, the JVM or the kernel counts for the method that led to it
 */
record Profile(
        long samples,
        Map<String, Long> byThread,
        Map<String, Map<String, Long>> byFrame,
        Map<String, Map<String, Long>> byProduct) {
    static final int FRAMES = 10;
    private static final String PRODUCT = "org/rotunda/";
    private static final String NO_PRODUCT = "no method of the product: Netty's loop and its waits, the JVM";
    private static final String KERNEL = "_[k]";
    private static final Pattern THREAD = Pattern.compile("\\[(.*?)[-#0-9. ]*tid=\\d+]");
    private static final Pattern KIND = Pattern.compile("_\\[[a-z0-9]]$");

    /**
     * Reads stacks in async-profiler's collapsed format. Each line has the thread, the frames from the outermost to the
     * innermost, and the number of samples.
     */
    static Profile parse(List<String> lines) {
        long samples = 0;
        Map<String, Long> byThread = new HashMap<>();
        Map<String, Map<String, Long>> byFrame = new HashMap<>();
        Map<String, Map<String, Long>> byProduct = new HashMap<>();
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
            byProduct.computeIfAbsent(thread, unseen -> new HashMap<>()).merge(product(frames), count, Long::sum);
        }
        return new Profile(samples, byThread, byFrame, byProduct);
    }

    private static String product(String[] frames) {
        for (int i = frames.length - 1; i > 0; i--) {
            if (frames[i].startsWith(PRODUCT)) {
                return name(frames[i]);
            }
        }
        return NO_PRODUCT;
    }

    private static String name(String frame) {
        return KIND.matcher(frame).replaceFirst("").replace('/', '.');
    }

    /** Returns the innermost frame. For a sample in the kernel, returns the frame that made the system call. */
    private static String own(String[] frames) {
        int last = frames.length - 1;
        int caller = last;
        while (caller > 0 && frames[caller].endsWith(KERNEL)) {
            caller--;
        }
        return caller < last ? name(frames[caller]) + " (kernel)" : name(frames[caller]);
    }

    /**
     * Returns a table of the busiest kinds of threads, and of the most expensive frames in threads with this prefix.
     */
    List<String> table(String threads) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-100s %8s", "threads", "of all"));
        descending(byThread).stream().limit(FRAMES).forEach(entry -> lines.add(line(entry, samples)));
        addShares(lines, "own time in " + threads, of(threads, byFrame));
        addShares(lines, "innermost method of the product in " + threads, of(threads, byProduct));
        return lines;
    }

    private static Map<String, Long> of(String threads, Map<String, Map<String, Long>> byThread) {
        Map<String, Long> sums = new HashMap<>();
        byThread.forEach((thread, counts) -> {
            if (thread.startsWith(threads)) {
                counts.forEach((frame, count) -> sums.merge(frame, count, Long::sum));
            }
        });
        return sums;
    }

    private static void addShares(List<String> lines, String heading, Map<String, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-100s %8s", heading, "of these"));
        descending(counts).stream().limit(FRAMES).forEach(entry -> lines.add(line(entry, all)));
    }

    private static String line(Map.Entry<String, Long> entry, long all) {
        return String.format(
                Locale.ROOT, "%-100s %6.1f %%", entry.getKey(), 100.0 * entry.getValue() / Math.max(1, all));
    }

    private static List<Map.Entry<String, Long>> descending(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .toList();
    }
}
