package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Sends datagrams. */
@FunctionalInterface
public interface DatagramSink {
    /** Takes ownership of the datagram. */
    void send(ByteBuf datagram, InetSocketAddress remote);
}
