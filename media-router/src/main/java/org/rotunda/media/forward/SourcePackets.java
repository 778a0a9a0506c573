package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The shared cache of received plaintext, as a subscription sees it. */
public interface SourcePackets {
    /** The packet with this extended number, borrowed, or null if it never came or is gone. */
    @Nullable
    ByteBuf find(int encoding, long sequence);
}
