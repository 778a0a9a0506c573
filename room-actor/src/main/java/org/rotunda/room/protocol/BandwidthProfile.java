package org.rotunda.room.protocol;

/**
 * How a client wants its incoming bandwidth to be used for the video tracks that it receives, as its {@code connect}
 * says. A participant without a profile gets every video, and none is ever switched off for it.
 *
 * @param mode how the tracks share a bandwidth that is too small for all of them
 * @param bitrateMax the greatest bit rate of all tracks together that the client wants to receive, in bit/s; 0 without
 *     such a limit
 * @param speakerPriority the lowest priority that the video of the dominant speaker has
 * @param switchOff when tracks may be switched off for lack of bandwidth
 * @param tracksMax the greatest number of video tracks that are sent to the client at a time; 0 without such a limit
 * @param low the size at which a track of low priority counts as shown until the client names a size
 * @param standard the same for a track of standard priority
 * @param high the same for a track of high priority
 */
public record BandwidthProfile(
        Mode mode,
        long bitrateMax,
        TrackPriority speakerPriority,
        SwitchOff switchOff,
        int tracksMax,
        PictureSize low,
        PictureSize standard,
        PictureSize high) {
    /**
     * The greatest number of bits per second that a profile can name. It is far above the limit of every room, so a
     * larger number means the same.
     */
    public static final long BITRATE_LIMIT_MAX = 1_000_000_000_000L;

    public static final PictureSize LOW_SIZE = new PictureSize(176, 144);
    public static final PictureSize STANDARD_SIZE = new PictureSize(640, 480);
    public static final PictureSize HIGH_SIZE = new PictureSize(1280, 720);

    /** The profile of a client that sends a profile without any value. */
    public static final BandwidthProfile DEFAULT = new BandwidthProfile(
            Mode.GRID, 0, TrackPriority.STANDARD, SwitchOff.PREDICTED, 0, LOW_SIZE, STANDARD_SIZE, HIGH_SIZE);

    public BandwidthProfile {
        if (bitrateMax < 0 || bitrateMax > BITRATE_LIMIT_MAX || tracksMax < 0) {
            throw new IllegalArgumentException("limits of a profile: " + bitrateMax + " bit/s, " + tracksMax);
        }
    }

    /** The ways in which tracks share a bandwidth that is too small for all of them. */
    public enum Mode {
        /** All tracks lose the same share of their bit rates. */
        GRID,
        /** Each track gets bandwidth in proportion to the area in which it is shown. */
        COLLABORATION,
        /** Tracks of higher priority keep their quality at the cost of the others. */
        PRESENTATION
    }

    /** The conditions under which tracks may be switched off for lack of bandwidth. */
    public enum SwitchOff {
        /** As soon as the estimated bandwidth is too small, before packets are lost. */
        PREDICTED,
        /** Only when losses or delays show that the network is congested. */
        DETECTED,
        /** Never. */
        DISABLED
    }

    /** Returns the size at which a track of this priority counts as shown until the client names a size. */
    public PictureSize sizeOf(TrackPriority priority) {
        return switch (priority) {
            case LOW -> low;
            case STANDARD -> standard;
            case HIGH -> high;
        };
    }
}
