package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Gives a subscription access to the shared cache of received plaintext. */
public interface SourcePackets {
    /** Returns the packet with this extended number, borrowed, or null if it never arrived or is no longer cached. */
    @Nullable
    ByteBuf find(int encoding, long sequence);
}
