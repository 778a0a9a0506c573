package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;

/**
 * A listener for everything a bot sends, for tests that replay or damage it. Buffers are borrowed; called on the bot's
 * loop.
 */
public interface WireTap {
    /** Called with each datagram as it is sent. */
    default void onDatagram(ByteBuf datagram) {}

    /** Called with each RTP packet before its protection. */
    default void onRtp(ByteBuf packet) {}

    /** Called with each RTCP packet before its protection. */
    default void onRtcp(ByteBuf packet) {}

    /** Called with each signaling frame except heartbeats and goodbyes. */
    default void onSignaling(String frame) {}

    /** Called with each SCTP packet before its encryption by DTLS. */
    default void onSctp(byte[] packet) {}
}
