package org.rotunda.load.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line with which {@code bin/rotunda} starts the product. With this class, tests start the product without
 * a shell.
 */
public final class ProductCommand {
    private ProductCommand() {}

    /**
     * Returns the arguments of {@code java} up to and including the main class. The caller appends the product's own
     * arguments.
     *
     * @param product the directory that the build made, with {@code lib} and possibly {@code classes.jsa}
     * @param javaVersion the feature version of the JVM that runs the product
     */
    public static List<String> of(Path product, int javaVersion) {
        List<String> command = new ArrayList<>(options(javaVersion, "root".equals(System.getProperty("user.name"))));
        String words = System.getenv("ROTUNDA_JAVA_OPTS");
        List<String> more = words == null || words.isBlank()
                ? List.of()
                : List.of(words.trim().split("\\s+", -1));
        command.addAll(more);
        command.addAll(archive(product.resolve("classes.jsa"), more));
        command.addAll(List.of("-cp", product.resolve("lib") + "/*", "org.rotunda.node.Main"));
        return command;
    }

    /** Returns the option for the archive of classes, which a start cache of the user replaces. */
    static List<String> archive(Path archive, List<String> more) {
        boolean isCached = more.stream().anyMatch(option -> option.startsWith("-XX:AOT"));
        // A JVM of another version ignores the archive.
        return Files.exists(archive) && !isCached ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    static List<String> options(int javaVersion, boolean isRoot) {
        List<String> options =
                new ArrayList<>(List.of("-XX:+UseZGC", "-XX:+ExitOnOutOfMemoryError", "-Dfile.encoding=UTF-8"));
        options.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning,cds*=off:stderr"));
        if (javaVersion >= 24) {
            options.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        } else if (javaVersion >= 21) {
            options.add("-XX:+ZGenerational");
        }
        if (isRoot) {
            // The media event loops request a high thread priority. The JVM sets it only with this policy, and the
            // policy works only for root.
            options.add("-XX:ThreadPriorityPolicy=1");
        }
        return options;
    }
}
