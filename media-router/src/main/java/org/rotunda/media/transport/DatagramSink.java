package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;

/** Sends datagrams. */
@FunctionalInterface
public interface DatagramSink {
    /** The largest number of datagrams in a run: the kernel's UDP_MAX_SEGMENTS before Linux 6.9. */
    int RUN_DATAGRAMS_MAX = 64;

    /** The largest number of bytes in a run: the payload of the longest IPv4 datagram. */
    int RUN_BYTES_MAX = 65_507;

    /**
     * The longest datagram that may have company in a run. A longer datagram may exceed the path MTU. A segmented send
     * would refuse it, but a single send fragments it.
     */
    int RUN_DATAGRAM_BYTES_MAX = 1452; // 1500 bytes minus the IPv6 and UDP headers.

    /** Sends a datagram to an address. Takes ownership of the datagram. */
    void send(ByteBuf datagram, SocketAddress remote);

    /**
     * Sends a run: datagrams to one address that stand one behind the other in a buffer. Takes ownership of the buffer.
     *
     * @param datagramBytes the length of each datagram; the last one may be shorter
     */
    default void sendRun(ByteBuf run, int datagramBytes, SocketAddress remote) {
        while (run.readableBytes() > datagramBytes) {
            send(run.readRetainedSlice(datagramBytes), remote);
        }
        send(run, remote);
    }
}
