package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * The header extension for the content type of a video ({@code video-content-type} of libwebrtc). Its one byte has bit 0
 * set for a shared screen. Chromium sends it only on the last packet of a key frame, and only for a shared screen. Reads
 * in place; allocates nothing.
 */
public final class VideoContentType {
    /** The result of {@link #read} for a packet without the extension. */
    public static final int NONE = -1;

    private static final int SCREEN_BIT = 0x01;

    private VideoContentType() {}

    /**
     * Returns the byte (0–255) of the element with this id, or {@link #NONE}. Requires {@link RtpHeader#isValid}.
     */
    public static int read(ByteBuf packet, int extensionId) {
        int element = RtpExtensions.find(packet, extensionId);
        if (element == RtpExtensions.NONE || RtpExtensions.lengthBytes(element) != 1) {
            return NONE;
        }
        return packet.getUnsignedByte(packet.readerIndex() + RtpExtensions.offset(element));
    }

    /** Returns whether the byte marks a shared screen. */
    public static boolean isScreen(int contentType) {
        return contentType != NONE && (contentType & SCREEN_BIT) != 0;
    }
}
