package org.rotunda.load.capacity;

/**
 * The costs of one packet, one join and one participant.
 *
 * @param packetMicros the CPU time of a packet that a node sends, in µs
 * @param inPacketRatio the CPU time of a packet that a node gets, as a multiple of {@code packetMicros}
 * @param joinMillis the CPU time of a join over all roles, in ms
 * @param heapKib the heap of a participant over all roles, in KiB
 */
record UnitCosts(Cost packetMicros, Cost inPacketRatio, Cost joinMillis, Cost heapKib) {
    /**
     * A figure and its origin.
     *
     * @param source the origin for people: the bench result, the mix file, or an option
     */
    record Cost(double value, String source) {}
}
