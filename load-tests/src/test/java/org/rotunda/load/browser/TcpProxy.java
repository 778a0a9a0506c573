package org.rotunda.load.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between a page and the signaling port of a node, or of the first that lives among several. While it is cut every byte is swallowed, of old connections and new ones, and
 * neither end is told: what a client sees when its packets are dropped. Needs no rights that a firewall rule would.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_MS = 2_000;

    private final List<InetSocketAddress> targets;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition restored = lock.newCondition();
    private boolean cut;

    public TcpProxy(String host, int port) throws IOException {
        this(List.of(new InetSocketAddress(host, port)));
    }

    /** A balancer: each connection goes to the first of these that takes it. */
    public TcpProxy(List<InetSocketAddress> targets) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), targets);
    }

    /** A balancer at an address that others know. */
    public TcpProxy(InetSocketAddress listen, List<InetSocketAddress> targets) throws IOException {
        this.targets = List.copyOf(targets);
        server = new ServerSocket(listen.getPort(), 50, listen.getAddress());
        threads.execute(this::accept);
    }

    public String signalingUrl() {
        return "ws://127.0.0.1:" + server.getLocalPort() + "/signaling";
    }

    /** The address to talk HTTP to. */
    public String httpUrl() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on nothing passes, in neither direction. */
    public void cut() {
        lock.lock();
        try {
            cut = true;
        } finally {
            lock.unlock();
        }
    }

    /** New connections pass again; those that lived through the cut have lost bytes and are reset. */
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

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    /** A connection made during a cut waits for its end, as its first packet would by being sent again. */
    private void serve(Socket client) {
        try {
            awaitRestored();
            Socket upstream = connect();
            Connection connection = new Connection(client, upstream);
            connections.add(connection);
            threads.execute(() -> connection.pump(client, upstream));
            connection.pump(upstream, client);
        } catch (IOException refused) {
            Connection.resetSocket(client); // The node is gone: so is the connection, for the page.
        }
    }

    /** The last refusal counts when all refuse. */
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

    private void awaitRestored() {
        lock.lock();
        try {
            while (cut) {
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

    @Override
    public void close() throws IOException {
        server.close();
        connections.forEach(Connection::reset);
        threads.shutdownNow();
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
                reset(); // Either end is gone, so the other has nobody to talk to.
            }
        }

        /** By its two pumps and by who closes the proxy, maybe at the same moment. */
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
