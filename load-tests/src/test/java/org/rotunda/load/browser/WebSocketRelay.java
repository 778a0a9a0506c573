package org.rotunda.load.browser;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server in front of the signaling port that can end a client's socket with any close code, as no healthy node would. Frames pass as
 * they are, whole, so that a close frame of ours never falls into the middle of another.
 */
final class WebSocketRelay implements AutoCloseable {
    private static final int OPCODE_CLOSE_FINAL = 0x88; // RFC 6455 §5.2: FIN and opcode 8.
    private static final int LENGTH_16_BIT = 126;
    private static final int LENGTH_64_BIT = 127;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InetSocketAddress target;
    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "websocket-relay");
        thread.setDaemon(true);
        return thread;
    });

    WebSocketRelay(String host, int port) throws IOException {
        target = new InetSocketAddress(host, port);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String signalingUrl() {
        return "ws://127.0.0.1:" + server.getLocalPort() + "/signaling";
    }

    /** Ends every socket there is with this code (RFC 6455 §7.4), and hangs up on the node behind. */
    void endAll(int closeCode) {
        connections.forEach(connection -> connection.end(closeCode));
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

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket()) {
            upstream.connect(target);
            Connection connection = new Connection(client, upstream);
            connections.add(connection);
            threads.execute(connection::pumpFrames);
            connection.pumpUp();
            connections.remove(connection);
        } catch (IOException ended) {
            connections.removeIf(connection -> connection.client == client); // Either end is gone; both are closed now.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : connections) {
            connection.client.close();
            connection.upstream.close();
        }
        threads.shutdownNow();
    }

    private static final class Connection {
        private final Socket client;
        private final Socket upstream;
        private final Object writing = new Object();
        private boolean ended; // Guarded by writing.

        private Connection(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        /** Client to node, byte by byte as it comes; after our close frame only the client's answer is waited for. */
        private void pumpUp() throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            int count;
            while ((count = client.getInputStream().read(buffer)) >= 0) {
                synchronized (writing) {
                    if (ended) {
                        return; // The close is answered: the server of a WebSocket hangs up first (RFC 6455 §7.1.1).
                    }
                }
                upstream.getOutputStream().write(buffer, 0, count);
            }
        }

        private void pumpFrames() {
            try {
                DataInputStream in = new DataInputStream(upstream.getInputStream());
                write(readResponse(in));
                byte @Nullable [] frame;
                while ((frame = readFrame(in)) != null) {
                    write(frame);
                }
            } catch (IOException ended) {
                hangUp();
            }
        }

        private void hangUp() {
            synchronized (writing) {
                if (ended) {
                    return; // By us; the client's answer is still to come.
                }
            }
            try {
                client.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void write(byte[] bytes) throws IOException {
            synchronized (writing) {
                if (!ended) {
                    OutputStream out = client.getOutputStream();
                    out.write(bytes);
                    out.flush();
                }
            }
        }

        private void end(int closeCode) {
            try {
                write(new byte[] {(byte) OPCODE_CLOSE_FINAL, 2, (byte) (closeCode >>> 8), (byte) closeCode});
                synchronized (writing) {
                    ended = true;
                }
                upstream.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /** The answer to the upgrade, up to its empty line. */
        private static byte[] readResponse(DataInputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        /** One frame of a server, which are never masked; null at the end. */
        private static byte @Nullable [] readFrame(DataInputStream in) throws IOException {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int second = in.readUnsignedByte();
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(first);
            frame.write(second);
            long length = second;
            int more = second == LENGTH_16_BIT ? 2 : second == LENGTH_64_BIT ? 8 : 0;
            if (more > 0) {
                byte[] extended = in.readNBytes(more);
                frame.write(extended);
                length = new BigInteger(1, extended).longValueExact();
            }
            frame.write(in.readNBytes(Math.toIntExact(length)));
            return frame.toByteArray();
        }
    }
}
