package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that Chromium and Firefox play video whose packets are padded, for a minute of each codec. */
@Tag("browser")
@Tag("long")
class PaddedRunsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @Test
    void browsersPlayPaddedVideo(@TempDir Path directory) throws Exception {
        assumeTrue(LoneMachine.isPossible(), "needs root, unshare(1) and ip(8), to make a network namespace");
        Path output = directory.resolve("output");
        int status = LoneMachine.run(PaddedCalls.class, output, PATIENCE);
        String said = Files.readString(output);
        assertThat(status).as(said).isZero();
        said.lines()
                .filter(line -> line.contains("frames,") || line.contains("padded"))
                .forEach(System.out::println);
    }
}
