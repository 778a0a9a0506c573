package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The release before the checkout that is tested, built from its sources. It is the newest tag {@code v*} in the history
 * of the checkout, or the commit that the system property {@code rotunda.upgrade.from} names. The build is kept in
 * {@code target/upgrade/COMMIT} and made once for each commit.
 */
final class PreviousRelease {
    private static final String FROM = "rotunda.upgrade.from";
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path BUILDS = Path.of("target", "upgrade").toAbsolutePath();

    private PreviousRelease() {}

    /** Returns the commit of the release; nothing if no release is known. */
    static Optional<String> commit() {
        Optional<String> named = Optional.ofNullable(System.getProperty(FROM)).filter(name -> !name.isBlank());
        return named.or(() -> output("git", "describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^"))
                .map(name -> output("git", "rev-parse", "--short=12", name + "^{commit}")
                        .orElseThrow(() -> new IllegalArgumentException("not a commit of this checkout: " + name)));
    }

    /** Returns the product of a commit. Builds it if it is not built, which takes minutes. */
    static Path product(String commit) {
        Path sources = BUILDS.resolve(commit);
        Path product = sources.resolve("cluster-node/target/rotunda");
        Path built = sources.resolve(".built");
        if (!Files.exists(built)) {
            try {
                Files.createDirectories(sources);
                run(TOP, "git", "archive", "--output=" + sources.resolve("sources.tar"), commit);
                run(sources, "tar", "-xf", "sources.tar");
                run(
                        sources,
                        "mvn",
                        "-B",
                        "-ntp",
                        "-DskipTests",
                        "-Dspotless.check.skip",
                        "-pl",
                        "cluster-node",
                        "-am",
                        "package");
                Files.createFile(built);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return product;
    }

    private static void run(Path directory, String... command) throws IOException {
        Path log = directory.equals(TOP) ? BUILDS.resolve("git.log") : directory.resolve("build.log");
        int status = await(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start());
        if (status != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with status " + status + "; its output is in " + log);
        }
    }

    /** Returns the first line that a command prints; nothing if the command fails. */
    private static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(TOP.toFile())
                    .redirectError(Redirect.DISCARD)
                    .start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return await(process) == 0 ? lines.stream().findFirst() : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
