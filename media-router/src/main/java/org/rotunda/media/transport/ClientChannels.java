package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.sctp.ChannelParameters;

/**
 * The data channels that the client has opened for its data tracks, by label. Keeps the parameters of each channel.
 * Holds the messages of a channel until the room knows the channel as a track. Owned by one event loop.
 */
final class ClientChannels {
    /** Receives the events and messages of the client's channels. */
    interface Listener {
        void channelsChanged();

        /**
         * Takes a message. The payload is borrowed for the call. Returns false if the room does not yet know the
         * channel as a track.
         */
        boolean message(String label, ByteBuf payload, boolean binary);
    }

    private final Listener listener;
    private final DropStatistics drops;
    private final Map<String, ChannelParameters> open = new HashMap<>();
    private final HeldMessages held = new HeldMessages();

    ClientChannels(Listener listener, DropStatistics drops) {
        this.listener = listener;
        this.drops = drops;
    }

    void onOpened(String label, ChannelParameters parameters) {
        open.put(label, parameters);
        listener.channelsChanged();
    }

    void onClosed(String label) {
        open.remove(label);
        held.forget(label);
        listener.channelsChanged();
    }

    /** Passes a message to the listener, or holds a copy of it. The payload is borrowed for the call. */
    void onMessage(String label, ByteBuf payload, boolean binary) {
        if (!listener.message(label, payload, binary) && !held.hold(label, payload, binary)) {
            drops.count(TransportDrop.DATA_UNROUTED);
        }
    }

    @Nullable
    ChannelParameters parameters(String label) {
        return open.get(label);
    }

    /** Passes the held messages of a channel to the sink, oldest first. */
    void takeHeld(String label, MessageSink sink) {
        held.take(label, sink);
    }

    /** Drops the held messages. Called when the transport ends. */
    void close() {
        held.clear();
    }
}
