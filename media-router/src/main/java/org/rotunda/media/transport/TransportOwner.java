package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.rotunda.media.control.MediaEvent;

/**
 * The owner of a transport: hears its events for the room, and the ufrags and addresses whose datagrams are its. Called
 * on the loop, during inputs.
 */
public interface TransportOwner {
    void onEvent(MediaEvent event);

    /** STUN checks with this ufrag are for this transport from now on. */
    void ufragAdded(Transport transport, String ufrag);

    void ufragRetired(String ufrag);

    /** Datagrams from that address are for this transport from now on. */
    void addressValidated(Transport transport, InetSocketAddress remote);

    void addressExpired(Transport transport, InetSocketAddress remote);

    /** The tracks that the client sends, or the m-lines that carry ours, have changed. */
    void streamsChanged(Transport transport);

    /**
     * The client sent a message on a data channel of its own; borrowed for the call.
     *
     * @return false if the room does not know the channel as a track yet: the transport holds the message until it is
     *     taken
     */
    boolean clientMessage(Transport transport, String label, ByteBuf payload, boolean binary);

    /** The transport has something to drain, or another deadline than before. */
    void touched(Transport transport);
}
