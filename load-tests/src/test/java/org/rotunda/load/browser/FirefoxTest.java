package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests calls of Firefox and Chromium through {@code rotunda dev}, with all of them on one machine. Firefox has no ICE
 * candidate on loopback, so the node must have media on another address.
 */
@Tag("browser")
class FirefoxTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void firefoxAndChromiumHaveCallsThroughDev(@TempDir Path directory) throws Exception {
        assumeTrue(LoneMachine.isPossible(), "needs root, unshare(1) and ip(8), to make a network namespace");
        Path output = directory.resolve("output");

        int status = LoneMachine.run(FirefoxCalls.class, output, PATIENCE);

        assertThat(status).as(() -> read(output)).isZero();
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
