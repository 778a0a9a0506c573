package org.rotunda.media.net;

/**
 * The settings of the media sockets.
 *
 * @param bind the address to bind, an IP literal or name
 * @param port the UDP port of the first loop; each further loop has the next port; with 0 each loop has an ephemeral
 *     port
 * @param loops event loops, each with a thread and a port of its own
 * @param transport epoll needs Linux on x86-64 or arm64; NIO works everywhere at two to three times the cost
 * @param segmentation true if runs may leave as one send where the kernel can (UDP GSO)
 * @param coalescing true if runs may arrive as one datagram where the kernel can (UDP GRO). Coalescing takes the place
 *     of batched reads (recvmmsg), so it pays only where runs arrive, for example from another node; the packets of
 *     browsers come singly
 * @param socketBufferBytes the buffer asked of the kernel for each direction
 */
public record MediaNetSettings(
        String bind,
        int port,
        int loops,
        Transport transport,
        boolean segmentation,
        boolean coalescing,
        int socketBufferBytes) {
    /**
     * The default of 4 MiB holds 40 ms of 800 Mbit/s, longer than a pause for garbage collection or a stolen time
     * slice.
     */
    public static final int SOCKET_BUFFER_BYTES_DEFAULT = 4 << 20;

    /** The choice of Netty's transport for the sockets. */
    public enum Transport {
        /** Epoll where it loads, NIO elsewhere. */
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

    /** Returns the defaults for these ports: the best available transport, segmented sends, batched reads. */
    public static MediaNetSettings of(String bind, int port, int loops) {
        return new MediaNetSettings(bind, port, loops, Transport.AUTO, true, false, SOCKET_BUFFER_BYTES_DEFAULT);
    }

    public MediaNetSettings withTransport(Transport other) {
        return new MediaNetSettings(bind, port, loops, other, segmentation, coalescing, socketBufferBytes);
    }

    public MediaNetSettings withOffloads(boolean segment, boolean coalesce) {
        return new MediaNetSettings(bind, port, loops, transport, segment, coalesce, socketBufferBytes);
    }
}
