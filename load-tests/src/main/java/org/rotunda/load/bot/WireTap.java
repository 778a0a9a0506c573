package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;

/** Hears everything a bot sends, for tests that mutate it. Buffers are borrowed; runs on the bot's loop. */
public interface WireTap {
    /** A datagram as it leaves. */
    default void onDatagram(ByteBuf datagram) {}

    /** An RTP packet before its protection. */
    default void onRtp(ByteBuf packet) {}

    /** An RTCP packet before its protection. */
    default void onRtcp(ByteBuf packet) {}

    /** A signaling frame, but for heartbeats and goodbyes. */
    default void onSignaling(String frame) {}

    /** An SCTP packet before DTLS. */
    default void onSctp(byte[] packet) {}
}
