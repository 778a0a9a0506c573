package org.rotunda.media.srtp;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.SsrcMap;

/** The windows of all SSRCs of one direction, for RTP or RTCP. Owned by one event loop. */
final class SsrcWindows {
    /**
     * The maximum number of SSRCs in the table. A room of 500 participants needs fewer, even with audio, video and RTX
     * of each participant. A full table takes about 0.7 MB.
     */
    static final int SSRCS_MAX = 4096;

    private final SsrcMap<PacketIndexWindow> windows;
    // The window for the next unknown SSRC. It enters the table only if a packet of that SSRC proves authentic.
    private @Nullable PacketIndexWindow unused;

    /**
     * @param random the source of the secrets in the table's hash; without secrets the peer could choose SSRCs that
     *     collide
     */
    SsrcWindows(RandomGenerator random) {
        windows = new SsrcMap<>(random);
    }

    /** Returns the window of this SSRC, or a new window that is not in the table yet. */
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

    /** Marks the index as seen in a window that {@link #find} returned. A new window enters the table. */
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
