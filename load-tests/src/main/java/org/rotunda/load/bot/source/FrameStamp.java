package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;

/**
 * A stamp that a bot writes at the end of every frame it sends, in a place that routers and decoders leave alone:
 * behind the last partition of a VP8 frame, or in the padding of an Opus packet (RFC 6716 §3.2.5).
 *
 * <pre>
 * magic(8) | source(4) | layer(1) key(1) reserved(2) | frame(4) | nanos(8)
 * </pre>
 *
 * <p>The nanoseconds are {@link System#nanoTime} at the moment when the packet was handed to the socket. On Linux all
 * processes of a host share this clock. The time of arrival minus the time in the stamp is therefore the one-way delay.
 * The methods read and write in place and allocate nothing.
 */
public final class FrameStamp {
    public static final int LENGTH_BYTES = 28;

    /** The eight bytes that mark a stamp; an encoder is very unlikely to write them by chance. */
    private static final long MAGIC = 0x526F_7475_6E64_6142L;

    private static final int SOURCE_OFFSET = 8;
    private static final int LAYER_OFFSET = 12;
    private static final int KEY_OFFSET = 13;
    private static final int FRAME_OFFSET = 16;
    private static final int NANOS_OFFSET = 20;

    private FrameStamp() {}

    /** Appends a stamp. */
    public static void write(ByteBuf out, int source, int layer, boolean key, int frame, long nanos) {
        out.writeLong(MAGIC).writeInt(source).writeByte(layer).writeBoolean(key).writeShort(0);
        out.writeInt(frame).writeLong(nanos);
    }

    /**
     * Returns whether the payload between these absolute indexes ends with a stamp. The getters may be called only if
     * this method returns true.
     */
    public static boolean isAt(ByteBuf packet, int payloadStart, int payloadEnd) {
        return payloadEnd - payloadStart >= LENGTH_BYTES && packet.getLong(payloadEnd - LENGTH_BYTES) == MAGIC;
    }

    /** Returns the random number that the publisher chose for the track. */
    public static int source(ByteBuf packet, int payloadEnd) {
        return packet.getInt(payloadEnd - LENGTH_BYTES + SOURCE_OFFSET);
    }

    /** Returns the simulcast layer; 0 is the lowest. */
    public static int layer(ByteBuf packet, int payloadEnd) {
        return packet.getUnsignedByte(payloadEnd - LENGTH_BYTES + LAYER_OFFSET);
    }

    public static boolean isKey(ByteBuf packet, int payloadEnd) {
        return packet.getBoolean(payloadEnd - LENGTH_BYTES + KEY_OFFSET);
    }

    /** Returns the number of the frame in its track; the layers of one picture have the same number. */
    public static int frame(ByteBuf packet, int payloadEnd) {
        return packet.getInt(payloadEnd - LENGTH_BYTES + FRAME_OFFSET);
    }

    public static long nanos(ByteBuf packet, int payloadEnd) {
        return packet.getLong(payloadEnd - LENGTH_BYTES + NANOS_OFFSET);
    }
}
