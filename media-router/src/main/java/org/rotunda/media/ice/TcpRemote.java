package org.rotunda.media.ice;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The client's end of one TCP connection (RFC 6544). It takes the place that an {@link InetSocketAddress} has for UDP:
 * it says where packets come from and where they are sent.
 *
 * <p>Two connections are never equal, even if a client gets the same address and port again. A connection is never equal
 * to a UDP address either. Thus packets of one path cannot pass for packets of another path.
 */
public class TcpRemote extends SocketAddress {
    @Serial
    private static final long serialVersionUID = 1L;

    private final InetSocketAddress address;

    public TcpRemote(InetSocketAddress address) {
        this.address = address;
    }

    /** Returns the address and port of the client. */
    public final InetSocketAddress address() {
        return address;
    }

    /** Returns the IP address and port of a remote that is an {@link InetSocketAddress} or a {@link TcpRemote}. */
    public static InetSocketAddress addressOf(SocketAddress remote) {
        return remote instanceof TcpRemote tcp ? tcp.address : (InetSocketAddress) remote;
    }

    @Override
    public String toString() {
        return "tcp:" + address;
    }
}
