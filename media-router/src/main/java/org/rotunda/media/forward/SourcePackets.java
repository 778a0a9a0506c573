package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Gives a subscription access to the shared cache of received plaintext. */
public interface SourcePackets {
    /**
     * Returns the packet with this extended sequence number, or null if the cache does not hold it. The packet is
     * borrowed.
     */
    @Nullable
    ByteBuf find(int encoding, long sequence);
}
