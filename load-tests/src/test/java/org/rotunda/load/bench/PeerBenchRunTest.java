package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.process.JdkHome;

/**
 * Runs a fan-out on real servers of others, only to show that the bots get their media from them. {@code bin/test full}
 * installs Janus. LiveKit is no package of Debian, so its program must be given.
 */
@Tag("long")
class PeerBenchRunTest {
    private static final String LIVEKIT = "rotunda.bench.livekit";
    private static final int VIEWERS = 3;

    @Test
    void botsOnJanusReceiveTheWholeTopLayer(@TempDir Path directory) throws Exception {
        assertTopLayer(run(Peer.JANUS, Peer.JANUS.command(), directory));
    }

    @Test
    @EnabledIfSystemProperty(
            named = LIVEKIT,
            matches = ".+",
            disabledReason = "needs a LiveKit server: -Dsurefire.module.args=-D" + LIVEKIT + "=PROGRAM")
    void botsOnLiveKitReceiveTheWholeTopLayer(@TempDir Path directory) throws Exception {
        assertTopLayer(run(Peer.LIVEKIT, System.getProperty(LIVEKIT), directory));
    }

    private static RunResult run(Peer peer, String program, Path directory) throws Exception {
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
                peer,
                program,
                directory,
                Path.of("..").toAbsolutePath().normalize());
        return new BenchRun(options, peer.starter(), "peer", 1, new Progress(System.err, false)).run();
    }

    private static void assertTopLayer(RunResult result) {
        // The top layer of the publisher has 270 packets a second; the next one has 60 smaller ones.
        assertThat(result.figure(Figure.ARRIVED_PACKETS_PER_SECOND)).isBetween(VIEWERS * 200.0, VIEWERS * 350.0);
        assertThat(result.figure(Figure.ARRIVED_PACKET_BYTES)).isBetween(1_080.0, 1_180.0);
        assertThat(result.figure(Figure.LOSS_RATIO)).isZero();
        assertThat(result.figure(Figure.FROZEN_FRAMES)).isZero();
        assertThat(result.figure(Figure.SERVER_CPU_PER_ARRIVED)).isPositive();
        assertThat(result.figure(Figure.ONE_WAY_DELAY_P50)).isPositive();
        assertThat(result.figure(Figure.JOINS_FAILED)).isZero();
        assertThat(RunPlot.draw("peer", result)).contains("CPU of the server").doesNotContain("delay in the router");
        assertThat(List.of(result.drops(), result.joinFailures())).allMatch(Map::isEmpty);
    }
}
