package org.rotunda.room.quality;

/**
 * The bandwidth that a participant's video wants, and what is available. The level is relative to the demand: a
 * participant without video has no demand, so its bandwidth is never too small.
 *
 * @param upWantedBps the sum of the layers that the participant should send, and that subscribers need; 0 for none
 * @param downWantedBps what the participant would receive with ample bandwidth; a track that is switched off because of
 *     congestion counts with its lowest layer
 * @param downAvailableBps the estimate of the network to the participant without the reserve for audio; {@link
 *     ClientNetwork#UNKNOWN} before the first feedback
 */
public record VideoDemand(long upWantedBps, long downWantedBps, long downAvailableBps) {
    /** The demand without video. */
    public static final VideoDemand NONE = new VideoDemand(0, 0, ClientNetwork.UNKNOWN);
}
