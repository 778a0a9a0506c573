package org.rotunda.room.quality;

/**
 * The limits of each metric for the levels 5 to 2. A metric beyond the last limit is level {@link #LEVEL_MIN}. Each
 * method is monotone: a worse value never has a higher level.
 */
public final class QualityScale {
    /** The best level. It also stands for media that do not exist, or that are not measured yet. */
    public static final int LEVEL_MAX = 5;

    /** The worst level that we report. Clients themselves show 0 while they are not connected. */
    public static final int LEVEL_MIN = 1;

    private static final double[] AUDIO_LOSS_MAX = {0.01, 0.03, 0.07, 0.15};
    private static final double[] VIDEO_LOSS_MAX = {0.01, 0.025, 0.05, 0.10};
    private static final double[] RTT_MILLIS_MAX = {150, 250, 400, 700};
    private static final double[] JITTER_MILLIS_MAX = {20, 40, 80, 150};
    private static final double[] SHARE_MIN = {1.0, 0.75, 0.5, 0.25};

    /** A share of available bandwidth may be so much below its limit: a smoothed value never quite reaches the true one. */
    private static final double SHARE_TOLERANCE = 0.01;

    private QualityScale() {}

    /** Returns the level of a share of lost audio packets, from 0 to 1. */
    public static int ofAudioLoss(double loss) {
        return atMost(loss, AUDIO_LOSS_MAX);
    }

    /** Returns the level of a share of lost video packets, from 0 to 1. */
    public static int ofVideoLoss(double loss) {
        return atMost(loss, VIDEO_LOSS_MAX);
    }

    /** Returns the level of a round-trip time. */
    public static int ofRtt(double millis) {
        return atMost(millis, RTT_MILLIS_MAX);
    }

    /** Returns the level of an interarrival jitter. */
    public static int ofJitter(double millis) {
        return atMost(millis, JITTER_MILLIS_MAX);
    }

    /** Returns the level of the available bandwidth as a share of the wanted bandwidth. */
    public static int ofBandwidth(double share) {
        for (int i = 0; i < SHARE_MIN.length; i++) {
            if (share >= SHARE_MIN[i] - SHARE_TOLERANCE) {
                return LEVEL_MAX - i;
            }
        }
        return LEVEL_MIN;
    }

    private static int atMost(double value, double[] limits) {
        for (int i = 0; i < limits.length; i++) {
            if (value <= limits[i]) {
                return LEVEL_MAX - i;
            }
        }
        return LEVEL_MIN;
    }
}
