package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.client.Ports;
import org.rotunda.load.testkit.TcpProxy;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Tests calls of pages whose media goes over TCP (RFC 6544), because no UDP reaches the node. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class IceTcpTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Tests two browsers in a network that drops the UDP packets of one of them; see {@link UdpLessCalls}. */
    @Test
    void aPageWithoutUdpHasACallWithAPageThatHasUdp(@TempDir Path directory) throws Exception {
        assumeTrue(LoneMachine.isPossible(), "needs root, unshare(1) and ip(8), to make a network namespace");
        Path output = directory.resolve("output");

        int status = LoneMachine.run(UdpLessCalls.class, output, PATIENCE);

        assertThat(status).as(() -> read(output)).isZero();
    }

    /**
     * Tests a node whose UDP candidate leads to a port that never answers. The TCP candidate leads to a proxy, which
     * resets all its connections during the call.
     */
    @Test
    void aCallGoesOnAfterItsTcpConnectionsWereReset(Chromium chromium, @TempDir Path data) throws Exception {
        int mediaPort = Ports.free(); // The proxy must know the port before the node starts.
        try (DatagramSocket mute = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                TcpProxy network = new TcpProxy("127.0.0.1", mediaPort);
                RotundaNode node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                        "rotunda.http.port",
                        "0",
                        "rotunda.management.port",
                        "0",
                        "rotunda.media.bind",
                        "\"127.0.0.1\"",
                        "rotunda.media.port",
                        String.valueOf(mediaPort),
                        "rotunda.media.loops",
                        "1",
                        "rotunda.media.advertise",
                        "[\"127.0.0.1:" + mute.getLocalPort() + "\"]",
                        "rotunda.media.tcp.advertise",
                        "[\"127.0.0.1:" + network.port() + "\"]",
                        "rotunda.db.url",
                        "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"")));
                Pages pages = new Pages(chromium)) {
            String signalingUrl = node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
            GroupCall call = GroupCall.join(
                    List.of(pages.page("alice", signalingUrl), pages.page("bob", signalingUrl)),
                    "tcp",
                    320,
                    180,
                    15,
                    Map.of());
            call.awaitFlowing();
            call.pages().forEach(page -> SelectedPairs.assertProtocol(page, "tcp"));

            network.restore(); // Nothing was cut; this resets the connections that are open.

            for (CallPage page : call.pages()) {
                for (Map<String, Object> track : page.mediaStats()) {
                    if ("video".equals(track.get("kind"))) {
                        awaitNewFrames(
                                page, CallPage.text(track, "track"), MediaExpectations.number(track, "framesDecoded"));
                    }
                }
            }
            call.assertMessagesArriveInOrder();
            for (CallPage page : call.pages()) {
                SelectedPairs.assertProtocol(page, "tcp");
                assertThat(page.eventNames()).doesNotContain("disconnected", "trackUnsubscribed");
            }
        }
    }

    /** Waits until so many more frames have been decoded that they cannot have been on their way at the reset. */
    private static void awaitNewFrames(CallPage page, String trackSid, double decodedBefore) {
        page.await(
                "new frames of " + trackSid,
                "async ([sid, count]) => (await call.mediaStats()).some("
                        + "stats => stats.track === sid && stats.framesDecoded > count)",
                List.of(trackSid, decodedBefore + 60));
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
