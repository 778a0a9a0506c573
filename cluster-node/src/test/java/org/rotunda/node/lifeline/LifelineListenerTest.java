package org.rotunda.node.lifeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the listener with sockets on loopback. */
class LifelineListenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int END = -1;

    private final List<Socket> sockets = new ArrayList<>();
    private LifelineListener listener;

    @BeforeEach
    void open() throws IOException {
        listener = LifelineListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        listener.close();
    }

    @Test
    void holdsConnectionsUntilItEnds() throws IOException {
        Socket first = connect();
        Socket second = connect();
        await(() -> listener.connections() == 2);

        first.close();
        await(() -> listener.connections() == 1);

        listener.close();

        assertThat(hasEnded(second)).isTrue();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void closesAConnectionOnWhichAnythingArrives() throws IOException {
        Socket kept = connect();
        Socket stranger = connect();
        await(() -> listener.connections() == 2);

        stranger.getOutputStream().write('x');

        assertThat(hasEnded(stranger)).isTrue();
        await(() -> listener.connections() == 1);
        assertThat(listener.strangers()).isEqualTo(1);
        assertThat(kept.isClosed()).isFalse();
    }

    @Test
    void oneAddressHasABoundedNumberOfConnections() throws IOException {
        for (int i = 0; i < LifelineListener.CONNECTIONS_PER_ADDRESS_MAX; i++) {
            connect();
        }
        await(() -> listener.connections() == LifelineListener.CONNECTIONS_PER_ADDRESS_MAX);

        assertThat(hasEnded(connect())).isTrue();
        assertThat(listener.refusals()).isEqualTo(1);

        sockets.get(0).close();
        await(() -> listener.connections() < LifelineListener.CONNECTIONS_PER_ADDRESS_MAX);
        connect();
        await(() -> listener.connections() == LifelineListener.CONNECTIONS_PER_ADDRESS_MAX);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        sockets.add(socket);
        return socket;
    }

    private static boolean hasEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == END;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void await(BooleanSupplier condition) {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(endNanos);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
