package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.rotunda.load.testkit.SocketServer;

/**
 * The links between the nodes of a cluster: a TCP relay in front of each node. The test can make all links unsteady, so
 * that each link holds what it carries for some seconds again and again, or hold all links until they are released.
 * Held bytes arrive later and in order, and no connection breaks. Each link holds and passes at times of its own.
 */
final class ClusterLinks implements AutoCloseable {
    /** The longest time for which an unsteady link passes everything on at once. */
    private static final Duration PASS_MAX = Duration.ofSeconds(4);

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_MS = 2_000;

    private enum State {
        STEADY,
        UNSTEADY,
        HELD
    }

    private final List<SocketServer> servers = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.STEADY; // The lock guards this field and the next two.
    private Duration hold = Duration.ZERO;
    private RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(0);

    /** Begins to relay connections to a node. */
    void relay(InetSocketAddress listen, InetSocketAddress node) {
        try {
            SocketServer server = SocketServer.bind(listen, "cluster-link");
            servers.add(server);
            server.start(client -> serve(server, client, node));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Makes every link hold what it carries at random times.
     *
     * @param time the time of each hold; a heartbeat that is sent during a hold comes up to this time late
     */
    void makeUnsteady(Duration time, long seed) {
        lock.lock();
        try {
            hold = time;
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            set(State.UNSTEADY);
        } finally {
            lock.unlock();
        }
    }

    /** Holds everything on all links from now on, so that each node hears only itself. */
    void hold() {
        lock.lock();
        try {
            set(State.HELD);
        } finally {
            lock.unlock();
        }
    }

    /** Passes on all held bytes, and from now on passes everything on at once. */
    void release() {
        lock.lock();
        try {
            set(State.STEADY);
        } finally {
            lock.unlock();
        }
    }

    private void set(State next) {
        state = next;
        changed.signalAll();
    }

    private void serve(SocketServer server, Socket client, InetSocketAddress node) {
        Socket upstream = new Socket();
        sockets.add(client);
        sockets.add(upstream);
        try {
            upstream.connect(node, CONNECT_MS);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            server.execute(() -> pump(client, upstream));
            pump(upstream, client);
        } catch (IOException refused) {
            end(client, upstream); // The target node is down, so the connecting node sees a broken connection.
        }
    }

    private void pump(Socket from, Socket to) {
        Times times = new Times();
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            int count;
            while ((count = from.getInputStream().read(buffer)) >= 0) {
                times.awaitPassing();
                to.getOutputStream().write(buffer, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException ended) {
            end(from, to); // One end is closed, so the other is closed, too.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        for (Socket socket : List.of(one, other)) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Override
    public void close() {
        release();
        try {
            for (SocketServer server : servers) {
                server.close();
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The times at which one direction of one connection holds its bytes back. Used by one thread. */
    private final class Times {
        private long holdFromNanos;
        private long holdUntilNanos = System.nanoTime();

        private void awaitPassing() throws InterruptedException {
            lock.lock();
            try {
                while (true) {
                    long waitNanos = waitNanos();
                    if (waitNanos <= 0) {
                        return;
                    }
                    long unused = changed.awaitNanos(waitNanos);
                }
            } finally {
                lock.unlock();
            }
        }

        private long waitNanos() {
            if (state != State.UNSTEADY) {
                return state == State.HELD ? TimeUnit.DAYS.toNanos(1) : 0;
            }
            long nowNanos = System.nanoTime();
            while (nowNanos - holdUntilNanos >= 0) {
                holdFromNanos = holdUntilNanos + random.nextLong(PASS_MAX.toNanos());
                holdUntilNanos = holdFromNanos + hold.toNanos();
            }
            return nowNanos - holdFromNanos < 0 ? 0 : holdUntilNanos - nowNanos;
        }
    }
}
