package org.rotunda.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A JDK on this machine.
 *
 * @param path the home directory
 * @param version the full version, such as {@code 25.0.1}
 * @param vendor the vendor, or empty
 */
public record JdkHome(Path path, String version, String vendor) {
    /**
     * Reads the file {@code release}, which every JDK has, without starting a JVM.
     *
     * @throws IllegalArgumentException if there is no JDK, or its file has no version
     */
    public static JdkHome at(Path path) throws IOException {
        if (!Files.isExecutable(path.resolve("bin/java"))) {
            throw new IllegalArgumentException("no JDK in " + path);
        }
        return parse(path, Files.readString(path.resolve("release")));
    }

    /**
     * Returns the JDK that contains a {@code bin/java} file.
     *
     * @param java the file, or a symbolic link to the file
     * @throws IOException if there is no such file, or if its JDK has no {@code release} file
     */
    public static JdkHome ofJava(Path java) throws IOException {
        return at(java.toRealPath().resolve("../..").normalize());
    }

    /** Parses the content of a {@code release} file. */
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

    /** Returns the feature version, for instance 17 for {@code 17.0.15}. */
    public int feature() {
        String digits = version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
        return Integer.parseInt(digits.replaceAll("\\D.*", ""));
    }

    /** Returns the version and the vendor as text for people. */
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
