package org.rotunda.room.placement;

/**
 * The load of a media node as the node itself reports it.
 *
 * @param id the id of the node, new with every start
 * @param transports the connections of clients on the node
 * @param draining true if the node accepts no new participants
 * @param load the share of the node's capacity in use, from 0 to 1, which the metric {@code rotunda_media_load} shows.
 *     A node of a version that reports no load has the load 0 even if it has transports
 * @param lagMillis the longest delay of a due wake-up of the node's event loops in the last 15 to 30 s, which the metric
 *     {@code rotunda_media_loop_lag_seconds} shows
 */
public record MediaNodeLoad(String id, int transports, boolean draining, double load, int lagMillis) {
    /** The share of a node's capacity that one participant is assumed to use until a report of the node shows it. */
    public static final double PARTICIPANT = 0.002;

    private static final double FULL = 1;

    /** Creates the load of a node whose event loops are never late. */
    public MediaNodeLoad(String id, int transports, boolean draining, double load) {
        this(id, transports, draining, load, 0);
    }

    /** Returns whether the node has no capacity left. */
    public boolean isFull() {
        return load >= FULL;
    }

    /** Returns the reported load, or an estimate of it if the node has transports but has reported no load yet. */
    public double estimate() {
        return load > 0 ? load : transports * PARTICIPANT;
    }
}
