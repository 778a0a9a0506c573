package org.rotunda.room.allocation;

import java.util.List;

/**
 * One encoding of a publisher that sends packets now, as the router measures it.
 *
 * @param spatial the index of the encoding, 0 is the lowest resolution
 * @param width the width of its pictures; 0 if unknown
 * @param height the height of its pictures; 0 if unknown
 * @param framesPerSecond the frame rate with all temporal layers; 0 if unknown
 * @param cumulativeKbps the measured rate of temporal layer 0, of layers 0 and 1, and so on; at least one number
 */
public record MeasuredLayer(int spatial, int width, int height, int framesPerSecond, List<Integer> cumulativeKbps) {
    public MeasuredLayer {
        cumulativeKbps = List.copyOf(cumulativeKbps);
        if (cumulativeKbps.isEmpty()) {
            throw new IllegalArgumentException("an encoding has at least one temporal layer");
        }
    }
}
