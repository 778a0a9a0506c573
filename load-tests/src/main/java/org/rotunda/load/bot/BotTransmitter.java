package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.testkit.PeerIce;

/**
 * Sends the packets of one connection. Shows each packet to the tap if there is one, protects it, counts it, and hands
 * it to the socket. Owned by the loop of its {@link BotMedia}.
 */
final class BotTransmitter {
    private static final int PROTECTION_BYTES_MAX = 32;

    private final BotLoop loop;
    private final PeerIce ice;
    private final BotSecurity security;
    private final BotMedia.Output output;
    private final MediaCounters counters;
    private @Nullable WireTap tap;
    private boolean closed;

    BotTransmitter(BotLoop loop, PeerIce ice, BotSecurity security, BotMedia.Output output, MediaCounters counters) {
        this.loop = loop;
        this.ice = ice;
        this.security = security;
        this.output = output;
        this.counters = counters;
    }

    void setTap(@Nullable WireTap next) {
        tap = next;
    }

    /** Protects and sends a plain RTP packet, or drops it if there are no keys yet. The packet is borrowed. */
    void sendRtp(ByteBuf packet) {
        SrtpSession session = security.srtp();
        if (session == null) {
            return;
        }
        WireTap listening = tap;
        if (listening != null) {
            listening.onRtp(packet);
        }
        ByteBuf out = newDatagram(packet);
        if (session.protectRtp(packet, out) == SrtpResult.OK) {
            counters.packetsOut++;
            counters.bytesOut += packet.readableBytes();
            transmit(out);
        } else {
            out.release();
        }
    }

    /** Protects and sends a plain RTCP packet, or drops it if there are no keys yet. The packet is borrowed. */
    void sendRtcp(ByteBuf packet) {
        SrtpSession session = security.srtp();
        if (session == null) {
            return;
        }
        WireTap listening = tap;
        if (listening != null) {
            listening.onRtcp(packet);
        }
        ByteBuf out = newDatagram(packet);
        if (session.protectRtcp(packet, out) == SrtpResult.OK) {
            transmit(out);
        } else {
            out.release();
        }
    }

    private ByteBuf newDatagram(ByteBuf plain) {
        return loop.allocator().directBuffer(plain.readableBytes() + PROTECTION_BYTES_MAX);
    }

    void sendSctp(byte[] packet) {
        WireTap listening = tap;
        if (listening != null) {
            listening.onSctp(packet);
        }
        security.sendApplicationData(packet);
    }

    /** Sends a datagram unchanged to the router, or drops it if the router is not known yet. Takes ownership. */
    void transmit(ByteBuf datagram) {
        InetSocketAddress remote = ice.selected();
        if (remote == null || closed) {
            datagram.release();
        } else {
            transmit(datagram, remote);
        }
    }

    /** Sends a connectivity check to a candidate address of the router. */
    void sendCheck(byte[] check, InetSocketAddress remote) {
        transmit(Unpooled.wrappedBuffer(check), remote);
    }

    private void transmit(ByteBuf datagram, InetSocketAddress remote) {
        WireTap listening = tap;
        if (listening != null) {
            listening.onDatagram(datagram);
        }
        counters.datagramsOut++;
        counters.datagramBytesOut += datagram.readableBytes();
        output.send(datagram, remote);
    }

    /** Stops sending to the router. */
    void close() {
        closed = true;
    }
}
