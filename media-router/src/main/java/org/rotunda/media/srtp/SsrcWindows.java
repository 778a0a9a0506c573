package org.rotunda.media.srtp;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/** The windows of all SSRCs of one direction, RTP or RTCP; bounded. Owned by one event loop. */
final class SsrcWindows {
    /** A 500-participant room seen by one subscriber with audio, video and RTX each stays below it; about 0.7 MB if full. */
    static final int SSRCS_MAX = 4096;

    private final IntObjectMap<PacketIndexWindow> windows = new IntObjectHashMap<>();
    private @Nullable PacketIndexWindow unused; // Handed out for an unknown SSRC; kept only if the packet proves good.

    /** The window of this SSRC, or a new one that is not in the table yet. */
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

    /** Marks the index in a window that came from {@link #find}, and keeps the window. */
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
