package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages on a client's data channels that the room does not know yet as a track: the channel is open before the
 * publication has made its way through the room. They are handed on once it has. When there is no more room the first
 * ones are kept, because the rest often builds on them. Owned by one event loop.
 */
final class HeldMessages {
    /** A limit for one channel: an application may send as many in the second that publishing takes. */
    static final int CHANNEL_MESSAGES_MAX = 64;

    static final int CHANNEL_BYTES_MAX = 64 * 1024;

    /** A limit for one client, whatever the number of its channels. */
    static final int CLIENT_BYTES_MAX = 256 * 1024;

    private record Message(ByteBuf payload, boolean binary) {}

    private static final class Channel {
        private final ArrayDeque<Message> messages = new ArrayDeque<>();
        private int bytes;
    }

    private final Map<String, Channel> channels = new HashMap<>();
    private int bytes;

    /** Keeps a copy of a message; false when there is no room. The payload is borrowed. */
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

    /** Hands over the messages of a channel, oldest first, and forgets them. */
    void take(String label, MessageSink sink) {
        Channel channel = channels.remove(label);
        if (channel != null) {
            bytes -= channel.bytes;
            for (Message message : channel.messages) {
                sink.onMessage(message.payload, message.binary);
            }
        }
    }

    /** The channel is closed: its messages are dropped. */
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
