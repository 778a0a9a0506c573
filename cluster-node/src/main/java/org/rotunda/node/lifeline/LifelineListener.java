package org.rotunda.node.lifeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the other ends of the lifelines that room nodes keep to this process ({@code room.nodewatch.Lifelines}). The
 * listener says nothing, and closes a connection on which anything arrives. Its only message is that the kernel closes
 * all connections when the process ends. So it must live as long as the process does, while actor systems come and go.
 *
 * <p>The port needs no credentials, because a stranger learns nothing there and costs one socket. The number of
 * connections is bounded, in total and for each address. A connection beyond the bounds is closed at once.
 *
 * <p>Safe to use from any thread. All handlers run on the listener's own thread.
 */
public final class LifelineListener implements AutoCloseable {
    /** The maximum number of connections. A room node has one from each other room node, another node has five. */
    static final int CONNECTIONS_MAX = 1_024;

    /** The maximum number of connections from one address. Several room nodes may run on one machine. */
    static final int CONNECTIONS_PER_ADDRESS_MAX = 32;

    /** The number of connections that the kernel accepts while this process does not run. */
    private static final int BACKLOG = 256;

    /** The time after which the listener accepts again when it could not, for want of file descriptors for instance. */
    private static final long ACCEPT_AGAIN_MILLIS = 1_000;

    // A room node whose machine vanishes closes nothing. Its connections end after 60 s without an answer.
    private static final int KEEP_ALIVE_IDLE_SECONDS = 30;
    private static final int KEEP_ALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEP_ALIVE_PROBES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LifelineListener.class);

    private final AsynchronousChannelGroup thread;
    private final AsynchronousServerSocketChannel server;
    private final int port;
    private final Map<AsynchronousSocketChannel, InetAddress> connections = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> byAddress = new HashMap<>(); // Only the listener's thread uses this map.
    private final LongAdder refusals = new LongAdder();
    private final LongAdder strangers = new LongAdder();

    private LifelineListener(AsynchronousChannelGroup thread, AsynchronousServerSocketChannel server)
            throws IOException {
        this.thread = thread;
        this.server = server;
        this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /**
     * Opens the port.
     *
     * @param address the address to listen on; port 0 takes any free port
     * @throws IOException if the port cannot be opened, for instance because it is in use
     */
    public static LifelineListener open(InetSocketAddress address) throws IOException {
        AsynchronousChannelGroup thread = AsynchronousChannelGroup.withFixedThreadPool(1, task -> {
            Thread made = new Thread(task, "lifelines");
            made.setDaemon(true);
            return made;
        });
        try {
            AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open(thread);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            LifelineListener listener = new LifelineListener(thread, server.bind(address, BACKLOG));
            listener.accept();
            return listener;
        } catch (IOException | RuntimeException failure) {
            thread.shutdownNow(); // This closes the server, too.
            throw failure;
        }
    }

    /** Returns the port that lifelines connect to. */
    public int port() {
        return port;
    }

    /** Returns the number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** Returns the number of connections that were closed at once, because there were too many. */
    public long refusals() {
        return refusals.sum();
    }

    /** Returns the number of connections that were closed because something arrived on them. */
    public long strangers() {
        return strangers.sum();
    }

    private void accept() {
        server.accept(null, new CompletionHandler<AsynchronousSocketChannel, @Nullable Void>() {
            @Override
            public void completed(AsynchronousSocketChannel connection, @Nullable Void nothing) {
                admit(connection);
                acceptNext();
            }

            @Override
            public void failed(Throwable failure, @Nullable Void nothing) {
                if (server.isOpen()) {
                    LOG.warn("cannot accept lifelines for now: {}", failure.toString());
                    Executor later = CompletableFuture.delayedExecutor(ACCEPT_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                    later.execute(LifelineListener.this::acceptNext);
                }
            }
        });
    }

    private void acceptNext() {
        if (server.isOpen()) {
            accept();
        }
    }

    private void admit(AsynchronousSocketChannel connection) {
        InetAddress address;
        try {
            address = ((InetSocketAddress) connection.getRemoteAddress()).getAddress();
            keepAlive(connection);
        } catch (IOException gone) { // The other side has ended the connection already.
            close(connection);
            return;
        }
        if (connections.size() >= CONNECTIONS_MAX
                || byAddress.getOrDefault(address, 0) >= CONNECTIONS_PER_ADDRESS_MAX) {
            refusals.increment();
            close(connection);
            return;
        }
        connections.put(connection, address);
        byAddress.merge(address, 1, Integer::sum);
        awaitEnd(connection);
    }

    private static void keepAlive(AsynchronousSocketChannel connection) throws IOException {
        connection.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (connection.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            connection.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
            connection.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
            connection.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        }
    }

    /** Reads one byte. Whatever the result is, the connection ends. */
    private void awaitEnd(AsynchronousSocketChannel connection) {
        connection.read(ByteBuffer.allocate(1), null, new CompletionHandler<Integer, @Nullable Void>() {
            @Override
            public void completed(Integer bytes, @Nullable Void nothing) {
                if (bytes > 0) {
                    strangers.increment();
                }
                end(connection);
            }

            @Override
            public void failed(Throwable reset, @Nullable Void nothing) {
                end(connection);
            }
        });
    }

    private void end(AsynchronousSocketChannel connection) {
        InetAddress address = connections.remove(connection);
        if (address != null) {
            byAddress.computeIfPresent(address, (same, count) -> count > 1 ? count - 1 : null);
        }
        close(connection);
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.debug("a lifeline did not close in order", failure);
        }
    }

    /** Closes the port and all connections. */
    @Override
    public void close() {
        close(server);
        connections.keySet().forEach(LifelineListener::close);
        try {
            thread.shutdownNow();
        } catch (IOException failure) {
            LOG.debug("the lifelines did not close in order", failure);
        }
    }
}
