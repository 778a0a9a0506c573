package org.rotunda.media.net;

import org.rotunda.media.control.MediaTcpSettings;

/**
 * The settings of the media sockets.
 *
 * @param bind the address to bind, an IP literal or name
 * @param port the UDP port of the first loop; each further loop has the next port; with 0 each loop has an ephemeral
 *     port
 * @param loops the number of event loops; each loop has its own thread and port
 * @param transport the Netty transport: epoll needs Linux on x86-64 or arm64; NIO works everywhere at two to three
 *     times the cost
 * @param segmentation true to send a run of datagrams by one system call if the kernel supports it (UDP GSO)
 * @param coalescing true to receive a run of datagrams as one long datagram if the kernel supports it (UDP GRO).
 *     Coalescing replaces batched reads (recvmmsg), so it helps only where runs arrive, for example from another node.
 *     Browsers' packets come singly
 * @param socketBufferBytes the size requested from the kernel for each send and receive buffer of a UDP socket
 * @param tcp the TCP ports and their limits
 */
public record MediaNetSettings(
        String bind,
        int port,
        int loops,
        Transport transport,
        boolean segmentation,
        boolean coalescing,
        int socketBufferBytes,
        MediaTcpSettings tcp) {
    /**
     * The default size of a socket buffer: 4 MiB. It holds 40 ms of traffic at 800 Mbit/s, which is longer than a pause
     * for garbage collection.
     */
    public static final int SOCKET_BUFFER_BYTES_DEFAULT = 4 << 20;

    /** The choice of Netty's transport for the sockets. */
    public enum Transport {
        /** Epoll if it can be loaded, else NIO. */
        AUTO,
        EPOLL,
        NIO
    }

    public MediaNetSettings {
        if (port < 0 || port > 65535 || (port != 0 && port + loops - 1 > 65535)) {
            throw new IllegalArgumentException("no room for " + loops + " ports from " + port);
        }
        if (loops < 1) {
            throw new IllegalArgumentException("at least one media loop is needed: " + loops);
        }
        if (socketBufferBytes < 64 * 1024) {
            throw new IllegalArgumentException("socket buffers below 64 KiB lose bursts: " + socketBufferBytes);
        }
    }

    /** Returns settings with the best available transport, segmented sends and batched reads, and without TCP. */
    public static MediaNetSettings of(String bind, int port, int loops) {
        return new MediaNetSettings(
                bind, port, loops, Transport.AUTO, true, false, SOCKET_BUFFER_BYTES_DEFAULT, MediaTcpSettings.OFF);
    }

    public MediaNetSettings withTransport(Transport other) {
        return new MediaNetSettings(bind, port, loops, other, segmentation, coalescing, socketBufferBytes, tcp);
    }

    public MediaNetSettings withOffloads(boolean segment, boolean coalesce) {
        return new MediaNetSettings(bind, port, loops, transport, segment, coalesce, socketBufferBytes, tcp);
    }

    /** Returns settings with another size of the buffers of UDP sockets. */
    MediaNetSettings withSocketBuffers(int bytes) {
        return new MediaNetSettings(bind, port, loops, transport, segmentation, coalescing, bytes, tcp);
    }

    public MediaNetSettings withTcp(MediaTcpSettings other) {
        return new MediaNetSettings(bind, port, loops, transport, segmentation, coalescing, socketBufferBytes, other);
    }
}
