package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Sends datagrams. */
@FunctionalInterface
public interface DatagramSink {
    /** Sends a datagram to an address. Takes ownership of the datagram. */
    void send(ByteBuf datagram, InetSocketAddress remote);
}
