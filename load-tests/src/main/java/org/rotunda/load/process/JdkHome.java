package org.rotunda.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A JDK on this machine.
 *
 * @param path its home
 * @param version as it calls itself, such as {@code 25.0.1}
 * @param vendor or empty
 */
public record JdkHome(Path path, String version, String vendor) {
    /**
     * Reads {@code release}, which every JDK has; no JVM is started.
     *
     * @throws IllegalArgumentException when there is no JDK, or one that does not say its version
     */
    public static JdkHome at(Path path) throws IOException {
        if (!Files.isExecutable(path.resolve("bin/java"))) {
            throw new IllegalArgumentException("no JDK in " + path);
        }
        return parse(path, Files.readString(path.resolve("release")));
    }

    /**
     * The JDK that a {@code bin/java} is of, or a link to one.
     *
     * @throws IOException when there is no such file, or no release file beside it
     */
    public static JdkHome ofJava(Path java) throws IOException {
        return at(java.toRealPath().resolve("../..").normalize());
    }

    /** From the lines of a {@code release} file. */
    public static JdkHome parse(Path path, String release) {
        return new JdkHome(
                path,
                value(release, "JAVA_VERSION")
                        .orElseThrow(() -> new IllegalArgumentException("no version in the release file of " + path)),
                value(release, "IMPLEMENTOR").orElse(""));
    }

    private static Optional<String> value(String release, String key) {
        return release.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                .findFirst();
    }

    /** The feature version: 17 of {@code 17.0.15}. */
    public int feature() {
        String digits = version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
        return Integer.parseInt(digits.replaceAll("\\D.*", ""));
    }

    /** For people: version and vendor. */
    public String describe() {
        return vendor.isEmpty() ? version : version + " (" + vendor + ")";
    }

    public Path java() {
        return path.resolve("bin/java");
    }

    public Path jcmd() {
        return path.resolve("bin/jcmd");
    }
}
