package org.rotunda.media.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/** The tracks to one client whose sources have packets waiting. Owned by one event loop; empty between two inputs. */
final class DueTracks {
    private static final int CAPACITY_START = 4;

    private @Nullable SentTrack[] tracks = {};
    private int size;

    /** Adds a track. Returns whether it is the first. */
    boolean add(SentTrack track) {
        if (size == tracks.length) {
            tracks = Arrays.copyOf(tracks, Math.max(CAPACITY_START, 2 * size));
        }
        tracks[size++] = track;
        return size == 1;
    }

    /**
     * Forwards the waiting packets of all tracks: audio first, because the pacer lets it pass and makes video wait for it.
     */
    void forward(long nowNanos) {
        forward(TrackKind.AUDIO, audioMateBytes(), nowNanos);
        forward(TrackKind.VIDEO, 0, nowNanos);
    }

    private void forward(TrackKind kind, int mateBytes, long nowNanos) {
        for (int i = 0; i < size; i++) {
            SentTrack track = tracks[i];
            if (track != null && track.kind() == kind) {
                track.forward(mateBytes, nowNanos);
            }
        }
    }

    /** Returns the length of the longest payload of audio if several wait, otherwise 0. */
    private int audioMateBytes() {
        int packets = 0;
        int longest = 0;
        for (int i = 0; i < size; i++) {
            SentTrack track = tracks[i];
            if (track != null && track.kind() == TrackKind.AUDIO) {
                packets += track.waiting();
                longest = Math.max(longest, track.longestWaitingBytes());
            }
        }
        return packets > 1 ? longest : 0;
    }

    void clear() {
        Arrays.fill(tracks, 0, size, null);
        size = 0;
    }
}
