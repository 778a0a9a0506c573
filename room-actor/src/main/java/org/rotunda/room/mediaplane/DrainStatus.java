package org.rotunda.room.mediaplane;

/**
 * How far the drain of a media node is.
 *
 * @param moved the connections of rooms that have decided to leave the node
 * @param leaving those of them that are still on the node, because their clients have not followed yet
 * @param left the other connections on the node
 * @param blocked true if rooms wait because no media node can take them
 * @param rooms the number of rooms with connections on the node
 */
public record DrainStatus(State state, int moved, int leaving, int left, boolean blocked, int rooms) {
    /** The status of a node that is not drained. */
    public static final DrainStatus NONE = new DrainStatus(State.SERVING, 0, 0, 0, false, 0);

    /** The phase of a drain. */
    public enum State {
        /** The node is not drained. */
        SERVING,
        /** The node is drained, and connections are still on it. */
        DRAINING,
        /** The node has no connections, and takes no new rooms. */
        DRAINED,
        /** The time limit of the drain is over, and connections are still on the node. */
        OVERDUE
    }

    static DrainStatus of(Drain drain) {
        Drain.Progress progress = drain.progress();
        State state = switch (progress.state()) {
            case MOVING -> State.DRAINING;
            case EMPTY -> State.DRAINED;
            case OVERDUE -> State.OVERDUE;
        };
        return new DrainStatus(
                state, progress.moved(), progress.leaving(), progress.left(), progress.blocked(), drain.roomCount());
    }

    /** Returns whether nothing more will happen in this drain. */
    public boolean isOver() {
        return state == State.DRAINED || state == State.OVERDUE;
    }
}
