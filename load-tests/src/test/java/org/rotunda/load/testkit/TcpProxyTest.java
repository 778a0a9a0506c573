package org.rotunda.load.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void resetsAConnectionThatWaitsForTheEndOfACutWhenItIsClosed() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TcpProxy proxy = new TcpProxy("127.0.0.1", target.getLocalPort());
            proxy.cut();
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(),
                    URI.create(proxy.httpUrl()).getPort())) {
                try {
                    Await.until("the connection to wait", PATIENCE, () -> proxyThreads(Thread.State.WAITING) > 0);
                } finally {
                    proxy.close();
                }
                client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                assertThat(isEnded(client)).isTrue();
            }
        }
    }

    /** Waits until the peer ends the connection. Returns false if the peer sends a byte instead. */
    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static long proxyThreads(Thread.State state) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tcp-proxy") && thread.getState() == state)
                .count();
    }
}
