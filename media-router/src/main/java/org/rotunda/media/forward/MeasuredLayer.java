package org.rotunda.media.forward;

import java.util.List;

/**
 * The measurements of one encoding that flows, for the allocation of bandwidth.
 *
 * @param spatial the index of the encoding; 0 is the lowest
 * @param width the width of the last key frame in pixels; 0 while unknown
 * @param height the height of the last key frame in pixels; 0 while unknown
 * @param framesPerSecond the median frame rate of the last five whole seconds; 0 while unknown
 * @param cumulativeKbps for each temporal layer the bit rate of this layer and the layers below it, lowest first, in
 *     kbit/s: the median of the last five whole seconds; empty before the first whole second
 */
public record MeasuredLayer(int spatial, int width, int height, int framesPerSecond, List<Integer> cumulativeKbps) {
    public MeasuredLayer {
        cumulativeKbps = List.copyOf(cumulativeKbps);
    }
}
