package org.rotunda.load.capacity;

import java.util.List;
import java.util.function.Function;

/**
 * The participants who are there at the same time, and the kinds of their rooms. The shares of all kinds sum to 100.
 */
record Mix(double participants, List<RoomKind> kinds) {
    private static final double PER_CENT = 100;

    Mix {
        kinds = List.copyOf(kinds);
    }

    /** Returns the media that a node sends to a participant, as the mean of all participants. */
    Flow out() {
        return mean(RoomKind::out);
    }

    /** Returns the media that a node gets from a participant, as the mean of all participants. */
    Flow in() {
        return mean(RoomKind::in);
    }

    private Flow mean(Function<RoomKind, Flow> direction) {
        return kinds.stream()
                .map(kind -> direction.apply(kind).times(kind.share() / PER_CENT))
                .reduce(Flow.NONE, Flow::plus);
    }

    /** Returns the number of rooms. */
    double rooms() {
        return kinds.stream()
                .mapToDouble(kind -> participants * kind.share() / PER_CENT / kind.perRoom())
                .sum();
    }
}
