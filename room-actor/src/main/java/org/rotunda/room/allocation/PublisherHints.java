package org.rotunda.room.allocation;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Decides which encodings of a simulcast track its publisher should send, so that it encodes only what is watched. */
public final class PublisherHints {
    private PublisherHints() {}

    /**
     * A subscriber of the track. Congestion makes no difference: an encoding that a subscriber cannot have now must
     * still flow when there is bandwidth again.
     *
     * @param enabled false if the client has asked for the track not to be sent
     * @param waiting true if the track is off because other tracks fill the profile's largest number of tracks
     * @param size the size of the tile; null for the full size of the picture
     */
    public record Watcher(
            boolean enabled, boolean waiting, @Nullable RenderSize size) {}

    /**
     * Returns how many encodings are wanted, counted from the lowest. An encoding below a wanted one is always wanted,
     * because somebody's bandwidth may fall.
     *
     * @param width the width of the largest encoding, whether it is sent now or not; 0 if unknown
     * @param height the height of the largest encoding; 0 if unknown
     * @param encodings how many encodings the publisher can send
     * @param sameSize true if all encodings have the same size, as those of a shared screen
     * @param recorded true if the track is recorded, which takes the best encoding
     */
    public static int encodings(
            int width, int height, int encodings, boolean sameSize, boolean recorded, Collection<Watcher> watchers) {
        int wanted = recorded ? encodings : 0;
        for (Watcher watcher : watchers) {
            if (watcher.enabled()) {
                wanted = Math.max(wanted, encodings(width, height, encodings, sameSize, watcher));
            }
        }
        return wanted;
    }

    private static int encodings(int width, int height, int encodings, boolean sameSize, Watcher watcher) {
        if (watcher.waiting()) {
            return Math.min(1, encodings); // Enough to show a picture at once when the track's turn comes.
        }
        RenderSize size = watcher.size();
        if (size == null || sameSize || width <= 0 || height <= 0) {
            return encodings;
        }
        for (int i = 0; i < encodings - 1; i++) {
            int divisor = 1 << (encodings - 1 - i);
            if (size.isLowest() || Ladder.fits(size, width / divisor, height / divisor)) {
                return i + 1;
            }
        }
        return encodings;
    }
}
