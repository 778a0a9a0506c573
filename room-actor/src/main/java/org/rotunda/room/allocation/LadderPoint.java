package org.rotunda.room.allocation;

/**
 * One step of a ladder: a layer and what it costs.
 *
 * @param spatial the index of the encoding, 0 is the lowest resolution
 * @param temporal the index of the highest temporal layer, 0 is the lowest frame rate
 * @param bps the bit rate of the encoding up to this temporal layer
 */
public record LadderPoint(int spatial, int temporal, int bps) {
    @Override
    public String toString() {
        return "S" + spatial + "T" + temporal + " " + bps / 1000;
    }
}
