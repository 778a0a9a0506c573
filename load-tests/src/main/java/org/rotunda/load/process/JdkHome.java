package org.rotunda.load.bench;

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
record JdkHome(Path path, String version, String vendor) {
    /** Reads {@code release}, which every JDK has; no JVM is started. */
    static JdkHome at(Path path) throws IOException {
        if (!Files.isExecutable(path.resolve("bin/java"))) {
            throw new IllegalArgumentException("no JDK in " + path);
        }
        return parse(path, Files.readString(path.resolve("release")));
    }

    static JdkHome parse(Path path, String release) {
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
    int feature() {
        String digits = version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
        return Integer.parseInt(digits.replaceAll("\\D.*", ""));
    }

    String describe() {
        return vendor.isEmpty() ? version : version + " (" + vendor + ")";
    }

    Path java() {
        return path.resolve("bin/java");
    }

    Path jcmd() {
        return path.resolve("bin/jcmd");
    }
}
