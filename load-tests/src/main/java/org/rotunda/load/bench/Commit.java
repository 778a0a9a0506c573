package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The version of the sources with which a figure was measured. */
public final class Commit {
    private static final String UNKNOWN = "unknown";

    private Commit() {}

    /**
     * Returns the short name of the checked-out commit; "unknown" without git. {@code -dirty} is appended if files
     * differ from the commit.
     */
    public static String of(Path checkout) {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude", "*")
                    .directory(checkout.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return git.waitFor() == 0 && !answer.isEmpty() ? answer : UNKNOWN;
        } catch (IOException noGit) {
            return UNKNOWN;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
