package org.rotunda.load.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The live objects of a JVM by class. The JVM counts the objects after a full collection, while its threads are paused.
 * This count is more exact than the heap usage that a collector reports, because that usage includes the objects that
 * were allocated during the collection.
 *
 * @param classes the live objects by class name; classes of the same name from several loaders are added up
 * @param totalBytes the bytes of all live objects
 */
public record ClassHistogram(Map<String, Live> classes, long totalBytes) {
    private static final Pattern ROW = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    public ClassHistogram {
        classes = Map.copyOf(classes);
    }

    /** The live objects of one class. */
    public record Live(long objects, long bytes) {
        private static final Live NONE = new Live(0, 0);

        private Live plus(Live other) {
            return new Live(objects + other.objects, bytes + other.bytes);
        }
    }

    /**
     * Takes the histogram of another JVM and pauses that JVM meanwhile. A JVM cannot take its own histogram, because
     * its paused threads would not read the output of {@code jcmd}.
     *
     * @param jcmd the {@code jcmd} of a JDK that is not older than the JVM
     * @throws IOException if the JVM does not answer
     */
    public static ClassHistogram of(Path jcmd, long pid) throws IOException {
        if (pid == ProcessHandle.current().pid()) {
            throw new IllegalArgumentException("a JVM cannot take the histogram of itself");
        }
        Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectError(Redirect.DISCARD)
                .start();
        return parse(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    static ClassHistogram parse(String text) throws IOException {
        Matcher total = TOTAL.matcher(text);
        if (!total.find()) {
            throw new IOException(
                    "no histogram of classes: " + text.lines().limit(3).toList());
        }
        Map<String, Live> classes = new HashMap<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            Live live = new Live(Long.parseLong(row.group(1)), Long.parseLong(row.group(2)));
            classes.merge(row.group(3), live, Live::plus);
        }
        return new ClassHistogram(classes, Long.parseLong(total.group(1)));
    }

    /** Returns the number of live objects of a class. */
    public long objects(String name) {
        return live(name).objects();
    }

    /** Returns the bytes of all live objects of a class, without the objects that they refer to. */
    public long bytes(String name) {
        return live(name).bytes();
    }

    private Live live(String name) {
        return classes.getOrDefault(name, Live.NONE);
    }

    /** Returns a line for each of the classes with the most bytes, in descending order. */
    public List<String> biggest(int count) {
        return classes.entrySet().stream()
                .sorted(Comparator.comparingLong(
                        (Map.Entry<String, Live> entry) -> -entry.getValue().bytes()))
                .limit(count)
                .map(entry -> entry.getValue().bytes() + " bytes in "
                        + entry.getValue().objects() + " " + entry.getKey())
                .toList();
    }
}
