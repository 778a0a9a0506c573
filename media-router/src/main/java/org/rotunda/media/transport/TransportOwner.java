package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.rotunda.media.control.MediaEvent;

/**
 * The owner of a transport. Hears the events of the transport for the room, and the ufrags and addresses of the
 * datagrams for the transport. Called on the loop, during inputs.
 */
public interface TransportOwner {
    void onEvent(MediaEvent event);

    /** Directs STUN checks with this ufrag to this transport from now on. */
    void ufragAdded(Transport transport, String ufrag);

    void ufragRetired(String ufrag);

    /** Directs datagrams from that address to this transport from now on. */
    void addressValidated(Transport transport, InetSocketAddress remote);

    void addressExpired(Transport transport, InetSocketAddress remote);

    /** Hears that the tracks that the client sends have changed, or the m-lines that carry our tracks. */
    void streamsChanged(Transport transport);

    /**
     * Takes a message that the client sent on a data channel of its own. The payload is borrowed for the call.
     *
     * @return false if the room does not yet know the channel as a track; the transport then holds the message until
     *     {@link Transport#takeHeldMessages} is called
     */
    boolean clientMessage(Transport transport, String label, ByteBuf payload, boolean binary);

    /** Notes that the transport may have datagrams to drain, or that its deadline may have changed. */
    void touched(Transport transport);
}
