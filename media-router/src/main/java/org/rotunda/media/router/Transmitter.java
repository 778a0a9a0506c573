package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.rotunda.media.transport.DatagramSink;

/**
 * Sends a core's datagrams. Called on the loop that owns the core, during {@link MediaCore#drainTo} only.
 *
 * <p>Consecutive datagrams of equal length to one remote leave in one system call; the order per remote is kept.
 */
@FunctionalInterface
public interface Transmitter extends DatagramSink {
    /**
     * Takes ownership of the datagram. Never fails: a datagram that cannot be sent is dropped and counted, like network
     * loss.
     */
    @Override
    void send(ByteBuf datagram, InetSocketAddress remote);
}
