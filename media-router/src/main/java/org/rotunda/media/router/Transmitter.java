package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.rotunda.media.transport.DatagramSink;

/**
 * Sends a core's datagrams. Called on the loop that owns the core, during {@link MediaCore#drainTo} only.
 *
 * <p>Consecutive datagrams of equal length to one remote address leave in one system call. The order per remote address
 * is kept.
 */
@FunctionalInterface
public interface Transmitter extends DatagramSink {
    /**
     * Sends the datagram and takes ownership of it. The method never fails: a datagram that cannot be sent is dropped
     * and counted, like network loss.
     */
    @Override
    void send(ByteBuf datagram, SocketAddress remote);
}
