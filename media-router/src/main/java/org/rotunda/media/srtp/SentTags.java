package org.rotunda.media.srtp;

import java.util.Arrays;

/**
 * The authentication tags of the last {@link PacketIndexWindow#WINDOW_PACKETS} packets that we sent on one SSRC. They
 * show whether a packet that is protected again is unchanged. Owned by one event loop.
 */
final class SentTags {
    private static final int MASK = PacketIndexWindow.WINDOW_PACKETS - 1;
    private static final long NEVER = -1;

    // Both arrays are empty until the first packet is sent.
    private long[] indices = {};
    private long[] tags = {};

    /** Notes the tag of a packet that ends at {@code end} in the array. */
    void put(long index, byte[] packet, int end) {
        if (indices.length == 0) {
            indices = new long[PacketIndexWindow.WINDOW_PACKETS];
            tags = new long[PacketIndexWindow.WINDOW_PACKETS];
            Arrays.fill(indices, NEVER);
        }
        int slot = (int) index & MASK;
        indices[slot] = index;
        tags[slot] = lastBytes(packet, end);
    }

    boolean isSent(long index) {
        return index >= 0 && indices.length > 0 && indices[(int) index & MASK] == index;
    }

    /** Returns whether the packet that ends at {@code end} in the array is the one that was sent with this index. */
    boolean isSame(long index, byte[] packet, int end) {
        return isSent(index) && tags[(int) index & MASK] == lastBytes(packet, end);
    }

    /**
     * Returns the last eight bytes of the packet, which belong to the tag in both profiles. Eight bytes are enough to
     * tell two packets apart.
     */
    private static long lastBytes(byte[] packet, int end) {
        long tag = 0;
        for (int i = end - Long.BYTES; i < end; i++) {
            tag = tag << Byte.SIZE | (packet[i] & 0xFF);
        }
        return tag;
    }
}
