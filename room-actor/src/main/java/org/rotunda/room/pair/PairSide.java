package org.rotunda.room.pair;

/** One of the two participants of a pair. */
public enum PairSide {
    /** The participant who was in the room first. This side makes the first offer of each connection. */
    FIRST,
    SECOND;

    public PairSide other() {
        return this == FIRST ? SECOND : FIRST;
    }
}
