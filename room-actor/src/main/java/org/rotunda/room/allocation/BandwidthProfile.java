package org.rotunda.room.allocation;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackPriority;

/**
 * The rules by which one subscriber's bandwidth is shared, as the client gives them in its connect message. They hold
 * for the whole session.
 *
 * @param mode how the tracks share the bandwidth
 * @param dominantSpeakerPriority the lowest priority that the video of the dominant speaker has for this subscriber
 * @param maxSubscriptionBps the client's own limit for all its video, in bit/s; 0 for no limit
 * @param maxTracks the largest number of video tracks that are sent at a time; 0 for no limit
 * @param switchOffMode when a track may be switched off because of congestion
 * @param low the assumed render size of a low-priority track without a hint; null for its full size
 * @param standard the assumed render size of a standard-priority track without a hint; null for its full size
 * @param high the assumed render size of a high-priority track without a hint; null for its full size
 */
public record BandwidthProfile(
        Mode mode,
        TrackPriority dominantSpeakerPriority,
        long maxSubscriptionBps,
        int maxTracks,
        SwitchOffMode switchOffMode,
        @Nullable RenderSize low,
        @Nullable RenderSize standard,
        @Nullable RenderSize high) {
    public static final RenderSize LOW_DEFAULT = new RenderSize(176, 144);
    public static final RenderSize STANDARD_DEFAULT = new RenderSize(640, 480);
    public static final RenderSize HIGH_DEFAULT = new RenderSize(1280, 720);

    /** The profile of a client that gives an empty one: every option has its default. */
    public static final BandwidthProfile DEFAULT = new BandwidthProfile(
            Mode.GRID,
            TrackPriority.STANDARD,
            0,
            0,
            SwitchOffMode.PREDICTED,
            LOW_DEFAULT,
            STANDARD_DEFAULT,
            HIGH_DEFAULT);

    /**
     * The rules for a client without a profile. All tracks have equal shares, no track is switched off because of
     * congestion, and every track may have its full size, because such a client never says how large its tiles are.
     */
    public static final BandwidthProfile NONE =
            new BandwidthProfile(Mode.GRID, TrackPriority.STANDARD, 0, 0, SwitchOffMode.DISABLED, null, null, null);

    public BandwidthProfile {
        maxSubscriptionBps = Math.max(0, maxSubscriptionBps); // Clients send 0 or less for "no limit".
        maxTracks = Math.max(0, maxTracks);
    }

    /** Returns the render size of a track whose size the client has not told; null for the full size. */
    @Nullable
    RenderSize assumedSize(TrackPriority priority) {
        return switch (priority) {
            case LOW -> low;
            case STANDARD -> standard;
            case HIGH -> high;
        };
    }

    /** How the tracks share the bandwidth. */
    public enum Mode {
        /** All tracks have equal shares, up to the layer that fits their tile. */
        GRID,

        /** A track's share is proportional to the area of its tile. */
        COLLABORATION,

        /** A track of a higher class gets all that it can use before tracks of lower classes get more than nothing. */
        PRESENTATION
    }

    /** When a track may be switched off because of congestion. */
    public enum SwitchOffMode {
        /** As soon as the estimate says that the tracks do not fit. */
        PREDICTED,

        /** Only when loss or delay shows that the path is congested. */
        DETECTED,

        /** Never. */
        DISABLED
    }
}
