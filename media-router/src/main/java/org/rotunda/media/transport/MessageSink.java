package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;

/** Takes messages of a data channel. */
@FunctionalInterface
public interface MessageSink {
    /** Takes a message, whose payload is borrowed for the call. */
    void onMessage(ByteBuf payload, boolean binary);
}
