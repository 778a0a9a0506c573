package org.rotunda.load.browser;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.testkit.SocketServer;

/**
 * A relay in front of the signaling port. Unlike a healthy node, the relay can end a client's socket with any close
 * code. The relay forwards whole frames of the server, so that its own close frame never falls into the middle of
 * another frame.
 */
final class WebSocketRelay implements AutoCloseable {
    // The first byte of a close frame: FIN and opcode 8 (RFC 6455 §5.2).
    private static final int OPCODE_CLOSE_FINAL = 0x88;
    private static final int LENGTH_16_BIT = 126;
    private static final int LENGTH_64_BIT = 127;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InetSocketAddress target;
    private final SocketServer server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    WebSocketRelay(String host, int port) throws IOException {
        target = new InetSocketAddress(host, port);
        server = SocketServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "websocket-relay");
        server.start(this::serve);
    }

    String signalingUrl() {
        return server.signalingUrl();
    }

    /** Ends every open socket with this close code (RFC 6455 §7.4), and closes the connections to the node. */
    void endAll(int closeCode) {
        connections.forEach(connection -> connection.end(closeCode));
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket()) {
            upstream.connect(target);
            Connection connection = new Connection(client, upstream);
            connections.add(connection);
            server.execute(connection::pumpFrames);
            connection.pumpUp();
            connections.remove(connection);
        } catch (IOException ended) {
            // One end has closed, and the try block has closed the other end.
            connections.removeIf(connection -> connection.client == client);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : connections) {
            connection.client.close();
            connection.upstream.close();
        }
    }

    private static final class Connection {
        private final Socket client;
        private final Socket upstream;
        private final Object writing = new Object();
        private boolean ended; // The lock "writing" guards this field.

        private Connection(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        /**
         * Forwards bytes from the client to the node. Once the relay has sent its own close frame, this method only
         * waits for the client's answer.
         */
        private void pumpUp() throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            int count;
            while ((count = client.getInputStream().read(buffer)) >= 0) {
                synchronized (writing) {
                    if (ended) {
                        // The client has answered. The server side closes the TCP connection first (RFC 6455 §7.1.1).
                        return;
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
                    return; // The relay has ended the socket and waits for the client's answer.
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

        /** Reads the answer to the upgrade request up to its empty line. */
        private static byte[] readResponse(DataInputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        /** Reads one frame of the server, whose frames are never masked; returns null at the end of the stream. */
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
