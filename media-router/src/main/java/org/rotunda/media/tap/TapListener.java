package org.rotunda.media.tap;

import io.netty.buffer.ByteBuf;

/**
 * Hears what the other end of a link says, after both have proved that they know the cluster's secret. The upper
 * methods are called at a recorder, the lower ones at a media node.
 */
public interface TapListener {
    /** A tap was opened, or opened again with a higher generation. */
    default void open(TapOpen open) {}

    /** A packet has come. The payload is borrowed for the call. */
    default void media(
            int tap,
            long sequence,
            int timestamp,
            int flags,
            int pictureId,
            int temporalId,
            int width,
            int height,
            long arrivalMicros,
            ByteBuf payload) {}

    default void clock(int tap, int timestamp, long unixMicros, boolean bySenderReport) {}

    /** The packets from {@code first} to {@code last}, inclusive, will not come. */
    default void gone(int tap, long first, long last) {}

    default void close(int tap, int reason) {}

    /** All packets below {@code sequence} are in the file, or given up. */
    default void ack(int tap, int generation, long sequence) {}

    default void keyFrame(int tap) {}
}
