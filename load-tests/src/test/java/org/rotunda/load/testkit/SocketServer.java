package org.rotunda.load.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** A TCP server in front of a node's HTTP port. It serves each connection on a thread of its own. */
public final class SocketServer implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final ServerSocket socket;
    private final ExecutorService threads;

    private SocketServer(ServerSocket socket, String name) {
        this.socket = socket;
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Binds a server to an address. Port 0 stands for a free port. The threads of the server get the given name. */
    public static SocketServer bind(InetSocketAddress listen, String name) throws IOException {
        return new SocketServer(new ServerSocket(listen.getPort(), BACKLOG, listen.getAddress()), name);
    }

    /** Begins to accept connections. Calls {@code service} for each connection, on a thread of its own. */
    public void start(Consumer<Socket> service) {
        threads.execute(() -> accept(service));
    }

    private void accept(Consumer<Socket> service) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> service.accept(client));
            } catch (IOException failure) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }

    /** Runs a task on a further thread of this server. */
    public void execute(Runnable task) {
        threads.execute(task);
    }

    public String signalingUrl() {
        return "ws://127.0.0.1:" + socket.getLocalPort() + "/signaling";
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String httpUrl() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Stops accepting connections and interrupts the threads. The caller must close the open connections. */
    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
