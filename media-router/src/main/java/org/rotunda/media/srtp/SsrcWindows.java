package org.rotunda.media.srtp;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/** The windows of all SSRCs of one direction, RTP or RTCP, limited in number. Owned by one event loop. */
final class SsrcWindows {
    /**
     * The most SSRCs in the table. A subscriber in a room of 500 with audio, video and RTX of each participant stays
     * below this limit; a full table takes about 0.7 MB.
     */
    static final int SSRCS_MAX = 4096;

    private final IntObjectMap<PacketIndexWindow> windows = new IntObjectHashMap<>();
    // This window is given out for an unknown SSRC, and kept only if the packet proves authentic.
    private @Nullable PacketIndexWindow unused;

    /** Returns the window of this SSRC, or a new one that is not in the table yet. */
    PacketIndexWindow find(int ssrc) {
        PacketIndexWindow known = windows.get(ssrc);
        if (known != null) {
            return known;
        }
        PacketIndexWindow fresh = unused;
        if (fresh == null) {
            fresh = new PacketIndexWindow();
            unused = fresh;
        }
        return fresh;
    }

    boolean hasRoomFor(PacketIndexWindow window) {
        return window != unused || windows.size() < SSRCS_MAX;
    }

    /** Marks the index in a window that {@link #find} returned, and keeps the window. */
    void accept(int ssrc, PacketIndexWindow window, long index) {
        window.accept(index);
        if (window == unused) {
            windows.put(ssrc, window);
            unused = null;
        }
    }

    void forget(int ssrc) {
        windows.remove(ssrc);
    }

    int size() {
        return windows.size();
    }
}
