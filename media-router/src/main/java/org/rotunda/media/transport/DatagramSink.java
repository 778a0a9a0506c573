package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;

/** Sends datagrams. */
@FunctionalInterface
public interface DatagramSink {
    /** Sends a datagram to an address. Takes ownership of the datagram. */
    void send(ByteBuf datagram, SocketAddress remote);
}
