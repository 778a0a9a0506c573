package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.srtp.SrtpScratch;

/**
 * The buffers in which the transports of one event loop make their packets. Transports share them, because a loop makes
 * one packet at a time, and the same few kilobytes then stay in the processor's cache.
 */
public final class LoopBuffers {
    /**
     * The length of the longest datagram (RFC 8200 without jumbograms) plus the maximum number of bytes that forwarding
     * adds.
     */
    private static final int PLAIN_BYTES = 65_536 + EgressPacketWriter.GROWTH_MAX_BYTES;

    private final ByteBuf plain = Unpooled.wrappedBuffer(new byte[PLAIN_BYTES]);
    private final EgressRun run = new EgressRun();
    private final SrtpScratch srtp = new SrtpScratch();

    /** Returns the emptied buffer for a packet before its encryption, which begins at the start of its array. */
    ByteBuf plain() {
        return plain.clear();
    }

    EgressRun run() {
        return run;
    }

    SrtpScratch srtp() {
        return srtp;
    }
}
