package org.rotunda.load.capacity;

/**
 * The deployment for which capacity is computed.
 *
 * @param spare the part of nodes that are there for losses, drains and peaks, in per cent of those that are needed
 */
record Plan(Mix mix, MediaNodeShape mediaNode, Control control, Visits visits, Cell cell, double spare) {
    /**
     * The shape of a media node.
     *
     * @param gbit the rate of its network card in each direction, in Gbit/s
     * @param utilisation the part of CPU and network that is to be in use, above 0 and at most 1
     * @param transportsMax the setting {@code rotunda.media.transports-max}
     */
    record MediaNodeShape(double cores, double gbit, double utilisation, double transportsMax) {}

    /**
     * The capacity of the other nodes.
     *
     * @param sessionsMax the signaling sockets of one gateway
     * @param roomsMax the rooms of one room node
     */
    record Control(double sessionsMax, double roomsMax) {}

    /**
     * The visits of participants.
     *
     * @param minutes the mean length of a visit
     * @param peak the joins in the busiest time as a multiple of the mean
     * @param journalEvents the journalled events of one visit
     * @param journalRowBytes the size of such an event in the database, with its indexes
     * @param journalDays the time for which events are kept
     */
    record Visits(double minutes, double peak, double journalEvents, double journalRowBytes, double journalDays) {}

    /**
     * The limits of one cell: one cluster with one database.
     *
     * @param journalEventsMax the events per second that its database writes
     */
    record Cell(double nodesMax, double roomNodesMax, double journalEventsMax) {}
}
