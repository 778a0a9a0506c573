package org.rotunda.media.rtcp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads source description packets in place (RFC 3550 §6.5). A chunk has an SSRC and items (type, length, text). A zero
 * octet ends the items, and zeros follow up to the next 32-bit boundary.
 */
public final class SourceDescription {
    private static final int ITEM_END = 0;
    private static final int ITEM_CNAME = 1;
    private static final int MALFORMED = -1;

    private SourceDescription() {}

    /** Returns whether the current packet is a whole source description; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        if (packet.packetType() != RtcpType.SDES) {
            return false;
        }
        int position = RtcpCompound.HEADER_LENGTH_BYTES;
        for (int chunk = 0; chunk < packet.count() && position != MALFORMED; chunk++) {
            position = chunkEnd(packet, position);
        }
        return position != MALFORMED;
    }

    /**
     * Returns the CNAME of this source, or null if the packet has none. Allocates memory, so do not call it per media
     * packet.
     */
    public static @Nullable String cname(RtcpCompound packet, int ssrc) {
        int position = RtcpCompound.HEADER_LENGTH_BYTES;
        for (int chunk = 0; chunk < packet.count(); chunk++) {
            if (packet.intAt(position) == ssrc) {
                return cnameInChunk(packet, position + 4);
            }
            position = chunkEnd(packet, position);
        }
        return null;
    }

    private static @Nullable String cnameInChunk(RtcpCompound packet, int firstItem) {
        int position = firstItem;
        while (packet.unsignedByteAt(position) != ITEM_END) {
            int length = packet.unsignedByteAt(position + 1);
            if (packet.unsignedByteAt(position) == ITEM_CNAME) {
                return new String(packet.bytesAt(position + 2, length), StandardCharsets.UTF_8);
            }
            position += 2 + length;
        }
        return null;
    }

    private static int chunkEnd(RtcpCompound packet, int chunk) {
        int position = chunk + 4;
        while (position < packet.lengthBytes() && packet.unsignedByteAt(position) != ITEM_END) {
            if (position + 2 > packet.lengthBytes()) {
                return MALFORMED;
            }
            position += 2 + packet.unsignedByteAt(position + 1);
        }
        if (position >= packet.lengthBytes()) {
            return MALFORMED; // The terminating zero is missing.
        }
        // Zeros follow the items up to the next 32-bit boundary. The packet itself starts on such a boundary.
        int end = (position + 4) & ~3;
        return end <= packet.lengthBytes() ? end : MALFORMED;
    }
}
