package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * The client-to-mixer audio level (RFC 6464 §3). One byte holds the V bit (voice activity) and the level in −dBov.
 * Reads in place; allocates nothing.
 */
public final class AudioLevel {
    /** The result of {@link #read} for a packet that carries no level. */
    public static final int NONE = -1;

    /** The level of digital silence, in −dBov. */
    public static final int SILENCE = 127;

    private AudioLevel() {}

    /**
     * Returns the raw byte (0–255) of the element with this id, or {@link #NONE}. Requires {@link RtpHeader#isValid}.
     */
    public static int read(ByteBuf packet, int extensionId) {
        int element = RtpExtensions.find(packet, extensionId);
        if (element == RtpExtensions.NONE || RtpExtensions.lengthBytes(element) == 0) {
            return NONE;
        }
        return packet.getUnsignedByte(packet.readerIndex() + RtpExtensions.offset(element));
    }

    /** Returns the level in −dBov: 0 is the loudest, 127 is silence. */
    public static int level(int raw) {
        return raw & 0x7F;
    }

    /** Returns the V bit. The sender sets it if it believes that the packet has voice. */
    public static boolean isVoice(int raw) {
        return (raw & 0x80) != 0;
    }
}
