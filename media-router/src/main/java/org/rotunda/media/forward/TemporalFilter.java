package org.rotunda.media.forward;

/**
 * Chooses pictures by temporal layer. A switch to a lower layer is possible at any picture. A switch to a higher layer
 * is possible only where a decoder can begin with that layer: at the base layer, or at a layer-sync picture (the Y bit
 * of RFC 7741 §4.2).
 */
final class TemporalFilter {
    private int active;

    void restart(int wanted) {
        active = wanted;
    }

    /** Returns whether a new picture is forwarded. {@code packet} is the picture's first packet to arrive. */
    boolean isWanted(SourcePacket packet, int wanted) {
        int layer = packet.temporalId();
        if (wanted < active) {
            active = wanted;
        } else if (wanted > active) {
            if (layer == 0) {
                active = wanted;
            } else if (packet.isLayerSync() && layer > active && layer <= wanted) {
                active = layer;
            }
        }
        return layer <= active;
    }

    int active() {
        return active;
    }
}
