package org.rotunda.room.allocation;

import java.util.Collection;
import java.util.Optional;

/** The limit that is sent to the publisher of a track with a single encoding, as REMB (draft-alvestrand-rmcat-remb). */
public final class PublisherLimits {
    /** The lowest rate to which a publisher is throttled, in bit/s. */
    public static final int FLOOR_BPS = 150_000;

    /** Stands for "no limit". */
    public static final long NO_LIMIT = 0;

    private PublisherLimits() {}

    /**
     * Returns the limit for the publisher in bit/s: the rate of the weakest subscriber to which the track is sent.
     * Returns {@link #NO_LIMIT} if the ladder is not {@link Ladder#isElastic elastic}, or if each of these subscribers
     * gets the highest rate.
     *
     * @param layers the layer of each subscriber; empty for one to which the track is not sent
     */
    public static long maxBps(Ladder ladder, Collection<Optional<LadderPoint>> layers) {
        if (!ladder.isElastic()) {
            return NO_LIMIT;
        }
        int top = ladder.bps(ladder.size() - 1);
        int least = layers.stream()
                .flatMap(Optional::stream)
                .mapToInt(LadderPoint::bps)
                .min()
                .orElse(top);
        return least >= top ? NO_LIMIT : Math.max(least, FLOOR_BPS);
    }
}
