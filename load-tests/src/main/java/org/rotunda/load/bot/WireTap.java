package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;

/**
 * A listener for everything that a bot sends. Tests use it to replay or damage packets. Buffers are borrowed. Called on
 * the bot's loop.
 */
public interface WireTap {
    /** Called with each datagram as it is sent. */
    default void onDatagram(ByteBuf datagram) {}

    /** Called with each RTP packet before its protection. */
    default void onRtp(ByteBuf packet) {}

    /** Called with each RTCP packet before its protection. */
    default void onRtcp(ByteBuf packet) {}

    /** Called with each signaling frame except heartbeats and bye frames. */
    default void onSignaling(String frame) {}

    /** Called with each SCTP packet before its encryption by DTLS. */
    default void onSctp(byte[] packet) {}
}
