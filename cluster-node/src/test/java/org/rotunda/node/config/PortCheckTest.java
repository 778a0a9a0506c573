package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the check with ports that are really in use, on loopback. */
class PortCheckTest {
    private static final String LOOPBACK = "127.0.0.1";

    @Test
    void aTcpPortInUseIsReportedWithItsKey() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(PortCheck.faults(List.of(http(port))))
                    .containsExactly("rotunda.http.port: 127.0.0.1:" + port + " is already in use");
        }
    }

    @Test
    void everyUdpPortIsTried() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int port = taken.getLocalPort();

            assertThat(PortCheck.faults(List.of(media(0), media(port), http(0))))
                    .containsExactly("rotunda.media.port: UDP 127.0.0.1:" + port + " is already in use");
        }
    }

    @Test
    void twoKeysOfOnePortAreReportedTogether() throws IOException {
        int port = freePort();

        assertThat(PortCheck.faults(List.of(
                        http(port),
                        ListeningPort.tcp(
                                "rotunda.management.port", "rotunda.management.host", new Endpoint("0.0.0.0", port)),
                        media(port))))
                .containsExactly("rotunda.management.port: 0.0.0.0:" + port + " is the port of rotunda.http.port too");
    }

    @Test
    void anAddressOfAnotherMachineIsReportedWithItsKey() {
        assertThat(PortCheck.faults(List.of(
                        ListeningPort.tcp("rotunda.http.port", "rotunda.http.host", new Endpoint("203.0.113.7", 0)),
                        ListeningPort.udp(
                                "rotunda.media.port", "rotunda.media.bind", new Endpoint("no-host.invalid", 0)))))
                .containsExactly(
                        "rotunda.http.host: 203.0.113.7 is not an address of this machine",
                        "rotunda.media.bind: the name no-host.invalid has no address");
    }

    @Test
    void portsAreFreeAgainAfterwards() throws IOException {
        int port = freePort();

        assertThat(PortCheck.faults(List.of(http(port), media(port)))).isEmpty();
        assertThat(PortCheck.faults(List.of(http(port), media(port)))).isEmpty();
    }

    private static ListeningPort http(int port) {
        return ListeningPort.tcp("rotunda.http.port", "rotunda.http.host", new Endpoint(LOOPBACK, port));
    }

    private static ListeningPort media(int port) {
        return ListeningPort.udp("rotunda.media.port", "rotunda.media.bind", new Endpoint(LOOPBACK, port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
