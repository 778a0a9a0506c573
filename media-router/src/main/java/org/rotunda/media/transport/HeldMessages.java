package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the messages of a client's data channels until the room knows the channels as tracks. A channel opens before
 * the room has handled the publication of its track. When a limit is reached, the first messages are kept and new
 * messages are dropped, because later messages often build on the first messages. Owned by one event loop.
 */
final class HeldMessages {
    /**
     * The maximum number of messages held for one channel. Publishing a track takes about a second, so the limit allows
     * 64 messages per second.
     */
    static final int CHANNEL_MESSAGES_MAX = 64;

    static final int CHANNEL_BYTES_MAX = 64 * 1024;

    /** The maximum number of bytes held for all channels of one client together. */
    static final int CLIENT_BYTES_MAX = 256 * 1024;

    private record Message(ByteBuf payload, boolean binary) {}

    private static final class Channel {
        private final ArrayDeque<Message> messages = new ArrayDeque<>();
        private int bytes;
    }

    private final Map<String, Channel> channels = new HashMap<>();
    private int bytes;

    /** Keeps a copy of a message. Returns false if a limit is reached. The payload is borrowed for the call. */
    boolean hold(String label, ByteBuf payload, boolean binary) {
        Channel channel = channels.computeIfAbsent(label, key -> new Channel());
        int length = payload.readableBytes();
        if (channel.messages.size() >= CHANNEL_MESSAGES_MAX
                || channel.bytes + length > CHANNEL_BYTES_MAX
                || bytes + length > CLIENT_BYTES_MAX) {
            return false;
        }
        channel.messages.add(new Message(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(payload)), binary));
        channel.bytes += length;
        bytes += length;
        return true;
    }

    /** Passes the messages of a channel to the sink, oldest first, and removes them. */
    void take(String label, MessageSink sink) {
        Channel channel = channels.remove(label);
        if (channel != null) {
            bytes -= channel.bytes;
            for (Message message : channel.messages) {
                sink.onMessage(message.payload, message.binary);
            }
        }
    }

    /** Drops the messages of a channel that was closed. */
    void forget(String label) {
        Channel channel = channels.remove(label);
        if (channel != null) {
            bytes -= channel.bytes;
        }
    }

    void clear() {
        channels.clear();
        bytes = 0;
    }
}
