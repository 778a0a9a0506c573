package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.rotunda.media.control.MediaEvent;

/**
 * The owner of a transport. Receives the events of the transport, and learns which ufrags and addresses belong to it.
 * Called on the loop, while the transport handles an input.
 */
public interface TransportOwner {
    void onEvent(MediaEvent event);

    /** Directs STUN checks with this ufrag to this transport from now on. */
    void ufragAdded(Transport transport, String ufrag);

    void ufragRetired(String ufrag);

    /** Directs datagrams from that address to this transport from now on. */
    void addressValidated(Transport transport, SocketAddress remote);

    void addressExpired(Transport transport, SocketAddress remote);

    /**
     * Called when tracks, their codecs, m-lines or client channels of the transport have changed, or when sending is
     * possible again.
     */
    void streamsChanged(Transport transport);

    /**
     * Takes a message on a data channel that the client has opened. The payload is borrowed for the call.
     *
     * @return false if the room does not yet know the channel as a track; the transport then holds the message until
     *     {@link Transport#takeHeldMessages} is called
     */
    boolean clientMessage(Transport transport, String label, ByteBuf payload, boolean binary);

    /** Notes that the transport may have datagrams to send, or that its deadline may have changed. */
    void touched(Transport transport);
}
