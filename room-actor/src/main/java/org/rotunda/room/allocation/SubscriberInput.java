package org.rotunda.room.allocation;

/**
 * What is known of a subscriber's downlink.
 *
 * @param estimateBps the estimate of the congestion control for everything sent to the subscriber
 * @param reserveBps the part of the estimate that video does not get ({@link #reserve})
 * @param capBps the limit for all video: the limit of the room, or the client's own limit if that is lower
 * @param overused true if the congestion control sees a growing queue now
 * @param loss the share of lost packets, 0 to 1, smoothed
 * @param queueMillis the delay by queues on the path and in our pacer
 */
public record SubscriberInput(
        long estimateBps, long reserveBps, long capBps, boolean overused, double loss, int queueMillis) {
    /** The highest rate that counts. It is far above all downlinks of a client and keeps products within a long. */
    static final long RATE_MAX_BPS = 10_000_000_000L;

    /** The least reserve for each participant that speaks now, up to {@link #SPEAKERS_MAX} of them. */
    static final int SPEAKER_BPS = 40_000;

    static final int SPEAKERS_MAX = 3;

    /** The reserve for data tracks and media-signaling channels. */
    static final int DATA_BPS = 30_000;

    /** The largest share of the estimate that is reserved for retransmissions. */
    static final double RETRANSMISSION_SHARE_MAX = 0.1;

    public SubscriberInput {
        estimateBps = Math.max(0, Math.min(estimateBps, RATE_MAX_BPS));
        reserveBps = Math.max(0, Math.min(reserveBps, RATE_MAX_BPS));
        capBps = Math.max(0, Math.min(capBps, RATE_MAX_BPS));
    }

    /**
     * Returns the bit rate that video must leave to audio, data and retransmissions.
     *
     * @param audioBps the peak of the last five seconds of audio that was sent to the subscriber
     * @param activeSpeakers the number of participants that speak now
     */
    public static long reserve(long audioBps, int activeSpeakers, long estimateBps, double loss) {
        long speakers = (long) SPEAKER_BPS * Math.min(SPEAKERS_MAX, Math.max(0, activeSpeakers));
        double share = Math.min(Math.max(0, loss), RETRANSMISSION_SHARE_MAX);
        return Math.max(audioBps, speakers) + DATA_BPS + (long) (estimateBps * share);
    }

    /**
     * Returns the limit for the subscriber's video: the limit of its room, or its own limit if that is lower.
     *
     * @param roomMaxBps the configured limit of a subscriber
     */
    public static long cap(long roomMaxBps, BandwidthProfile profile) {
        return profile.maxSubscriptionBps() == 0 ? roomMaxBps : Math.min(roomMaxBps, profile.maxSubscriptionBps());
    }

    /** Returns the part of the estimate that is left for video. */
    long availableBps() {
        return Math.max(0, estimateBps - reserveBps);
    }
}
