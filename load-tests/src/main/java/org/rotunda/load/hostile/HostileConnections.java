package org.rotunda.load.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP connections to the media port of a node that bring no valid connectivity check. Some are silent, some begin a
 * packet and never end it, some speak HTTP, and many come at once. Test thread only.
 */
public final class HostileConnections implements AutoCloseable {
    /** The length of a packet of 2,000 bytes, and its first bytes. */
    private static final byte[] BEGUN_PACKET = {0x07, (byte) 0xD0, 0, 1, 2, 3};

    private final InetSocketAddress media;
    private final List<Socket> sockets = new ArrayList<>();

    public HostileConnections(InetSocketAddress media) {
        this.media = media;
    }

    /** Opens connections that send nothing. */
    public void silent(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connect();
        }
    }

    /** Opens connections that begin a packet and never end it. */
    public void unfinished(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connect().getOutputStream().write(BEGUN_PACKET);
        }
    }

    /** Opens connections that send an HTTP request. The node closes them at once. */
    public void http(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connect().getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(media);
        return socket;
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
