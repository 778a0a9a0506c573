package org.rotunda.load.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A proxy that stands for the network between a page and the signaling port of a node. A proxy with several targets
 * connects to the first target that accepts. While the proxy is cut, it discards all bytes and lets new connections
 * wait, without telling either end, like a network that drops packets. Unlike a firewall rule it needs no privileges.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_MS = 2_000;

    private final List<InetSocketAddress> targets;
    private final SocketServer server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition restored = lock.newCondition();
    private boolean cut;
    private boolean closed;

    public TcpProxy(String host, int port) throws IOException {
        this(List.of(new InetSocketAddress(host, port)));
    }

    /** Creates a proxy on a free port that forwards each connection to the first of these targets that accepts it. */
    public TcpProxy(List<InetSocketAddress> targets) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), targets);
    }

    /**
     * Creates a proxy on a given address that forwards each connection to the first of these targets that accepts it.
     */
    public TcpProxy(InetSocketAddress listen, List<InetSocketAddress> targets) throws IOException {
        this.targets = List.copyOf(targets);
        server = SocketServer.bind(listen, "tcp-proxy");
        server.start(this::serve);
    }

    public int port() {
        return server.port();
    }

    public String signalingUrl() {
        return server.signalingUrl();
    }

    /** Returns the base URL for HTTP. */
    public String httpUrl() {
        return server.httpUrl();
    }

    /** Discards all bytes in both directions from now on. */
    public void cut() {
        lock.lock();
        try {
            cut = true;
        } finally {
            lock.unlock();
        }
    }

    /** Forwards bytes again. Connections that were open during the cut have lost bytes and are reset. */
    public void restore() {
        connections.forEach(Connection::reset);
        lock.lock();
        try {
            cut = false;
            restored.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Serves a connection. During a cut a new connection waits for the end of the cut, because TCP would retransmit its
     * first packet until then.
     */
    private void serve(Socket client) {
        try {
            awaitRestored();
            if (isClosed()) {
                Connection.resetSocket(client);
                return;
            }
            Socket upstream = connect();
            Connection connection = new Connection(client, upstream);
            connections.add(connection);
            if (isClosed()) { // close() may have run before the connection was in the list.
                connection.reset();
                return;
            }
            server.execute(() -> connection.pump(client, upstream));
            connection.pump(upstream, client);
        } catch (IOException refused) {
            Connection.resetSocket(client); // The page sees a broken connection, because the node is down.
        }
    }

    /** Connects to the first target that accepts. If all targets refuse, throws the last refusal. */
    private Socket connect() throws IOException {
        IOException refusal = new IOException("no target");
        for (InetSocketAddress target : targets) {
            Socket upstream = new Socket();
            try {
                upstream.connect(target, CONNECT_MS);
                return upstream;
            } catch (IOException refused) {
                upstream.close();
                refusal = refused;
            }
        }
        throw refusal;
    }

    /** Waits for the end of a cut, or until the proxy is closed. */
    private void awaitRestored() {
        lock.lock();
        try {
            while (cut && !closed) {
                restored.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isCut() {
        lock.lock();
        try {
            return cut;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            restored.signalAll();
        } finally {
            lock.unlock();
        }
        server.close();
        connections.forEach(Connection::reset);
    }

    private final class Connection {
        private final Socket client;
        private final Socket upstream;

        private Connection(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        private void pump(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                int count;
                while ((count = from.getInputStream().read(buffer)) >= 0) {
                    if (!isCut()) {
                        to.getOutputStream().write(buffer, 0, count);
                    }
                }
                if (!isCut()) {
                    to.shutdownOutput();
                }
            } catch (IOException ended) {
                reset(); // One end is closed, so the other end is reset.
            }
        }

        /** Resets both ends. Several threads may call this method at the same time. */
        private synchronized void reset() {
            connections.remove(this);
            resetSocket(client);
            resetSocket(upstream);
        }

        private static void resetSocket(Socket socket) {
            if (socket.isClosed()) {
                return;
            }
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
