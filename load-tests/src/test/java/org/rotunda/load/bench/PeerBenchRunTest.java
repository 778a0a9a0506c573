package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.process.JdkHome;

/**
 * Runs a fan-out on a real Janus, only to show that the bots get their media from it. {@code bin/test full} installs
 * Janus.
 */
@Tag("long")
class PeerBenchRunTest {
    private static final int VIEWERS = 3;

    @Test
    void botsOnJanusReceiveTheWholeTopLayer(@TempDir Path directory) throws Exception {
        BenchOptions options = new BenchOptions(
                Scenario.Kind.FANOUT,
                VIEWERS,
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                1,
                true,
                true,
                false,
                JdkHome.at(Path.of(System.getProperty("java.home"))),
                0,
                Map.of(),
                false,
                false,
                Peer.JANUS,
                Peer.JANUS.command(),
                directory,
                Path.of("..").toAbsolutePath().normalize());

        RunResult result =
                new BenchRun(options, Peer.JANUS.starter(), "janus", 1, new Progress(System.err, false)).run();

        // The top layer of the publisher has 270 packets a second.
        assertThat(result.figure(Figure.ARRIVED_PACKETS_PER_SECOND)).isGreaterThan(VIEWERS * 200.0);
        assertThat(result.figure(Figure.LOSS_RATIO)).isZero();
        assertThat(result.figure(Figure.FROZEN_FRAMES)).isZero();
        assertThat(result.figure(Figure.SERVER_CPU_PER_ARRIVED)).isPositive();
        assertThat(result.figure(Figure.ONE_WAY_DELAY_P50)).isPositive();
        assertThat(result.figure(Figure.JOINS_FAILED)).isZero();
        assertThat(RunPlot.draw("janus", result)).contains("CPU of the server").doesNotContain("delay in the router");
        assertThat(List.of(result.drops(), result.joinFailures())).allMatch(Map::isEmpty);
    }
}
