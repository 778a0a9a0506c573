package org.rotunda.media.control;

import java.util.List;

/**
 * The layers of one received video track, measured from its packets. The router reports them once a second for each
 * track that flows.
 *
 * @param screen true if the publisher says that the track shows a screen (bit 0 of the video-content-type extension of
 *     libwebrtc)
 * @param layers the layers that flow now, lowest first
 */
public record TrackRates(String trackSid, boolean screen, List<LayerRate> layers) {
    private static final int OVERHEAD_BYTES = 64; // A generous estimate of the encoded SID and lengths.
    private static final int LAYER_BYTES = 64;
    private static final int RATE_BYTES = 8;

    public TrackRates {
        layers = List.copyOf(layers);
    }

    /** Returns the number of bytes that this part counts towards {@link RoomReport#CHARGED_BYTES_MAX}. */
    public int chargedBytes() {
        int bytes = OVERHEAD_BYTES;
        for (LayerRate layer : layers) {
            bytes += LAYER_BYTES + RATE_BYTES * layer.cumulativeKbps().size();
        }
        return bytes;
    }

    /**
     * One encoding.
     *
     * @param spatial the index of the encoding; 0 is the lowest resolution
     * @param width the width of the picture according to the last key frame; 0 while unknown
     * @param cumulativeKbps the bit rate for each temporal layer together with the layers below it, in kbit/s: T0, then
     *     T0 and T1, and so on. Each is the median of the last five whole seconds, or of fewer after a start
     */
    public record LayerRate(int spatial, int width, int height, int framesPerSecond, List<Integer> cumulativeKbps) {
        public LayerRate {
            cumulativeKbps = List.copyOf(cumulativeKbps);
        }
    }
}
