package org.rotunda.media.control;

/**
 * The highest layer of a video track that a subscriber may get. The router sends the highest layer within this limit
 * that the publisher sends.
 *
 * @param spatialMax the index of the encoding, 0 is the lowest resolution
 * @param temporalMax the index of the temporal layer, 0 is the lowest frame rate
 */
public record LayerLimit(int spatialMax, int temporalMax) {
    /** No limit: all layers of the codecs that we support have lower indices. */
    public static final LayerLimit NONE = new LayerLimit(7, 7);

    public LayerLimit {
        if (spatialMax < 0 || temporalMax < 0) {
            throw new IllegalArgumentException("layers count from 0: " + spatialMax + ", " + temporalMax);
        }
    }
}
