package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.sctp.ChannelParameters;

/**
 * The data channels that the client has opened for its data tracks, by label: their parameters, and what came on them before the room knew
 * the track. Owned by one event loop.
 */
final class ClientChannels {
    private final Transport transport;
    private final TransportOwner owner;
    private final Map<String, ChannelParameters> open = new HashMap<>();
    private final HeldMessages held = new HeldMessages();

    ClientChannels(Transport transport, TransportOwner owner) {
        this.transport = transport;
        this.owner = owner;
    }

    void onOpened(String label, ChannelParameters parameters) {
        open.put(label, parameters);
        owner.streamsChanged(transport);
    }

    void onClosed(String label) {
        open.remove(label);
        held.forget(label);
        owner.streamsChanged(transport);
    }

    /** The payload is borrowed. */
    void onMessage(String label, ByteBuf payload, boolean binary) {
        if (!owner.clientMessage(transport, label, payload, binary) && !held.hold(label, payload, binary)) {
            transport.count(TransportDrop.DATA_UNROUTED);
        }
    }

    @Nullable
    ChannelParameters parameters(String label) {
        return open.get(label);
    }

    /** Hands over what was held of a channel, oldest first. */
    void takeHeld(String label, Transport.MessageSink sink) {
        held.take(label, sink);
    }

    /** Nobody will take what is held. */
    void close() {
        held.clear();
    }
}
