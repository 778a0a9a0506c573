package org.rotunda.load.capacity;

/**
 * The nodes and the load of a deployment.
 *
 * @param out the media that a node sends to a participant, as the mean
 * @param in the media that a node gets from a participant, as the mean
 * @param rooms the number of rooms
 * @param outTbit the media that leaves all media nodes, in Tbit/s
 * @param inTbit the media that comes to all media nodes, in Tbit/s
 * @param heapGib the heap of all participants over all nodes, in GiB
 * @param cells the number of cells: clusters with a database of their own
 */
record CapacitySheet(
        Flow out,
        Flow in,
        double rooms,
        MediaNode mediaNode,
        Nodes media,
        Nodes gateways,
        Nodes roomNodes,
        double heartbeatsPerGateway,
        double outTbit,
        double inTbit,
        double heapGib,
        Load mean,
        Load peak,
        double journalRows,
        double journalGib,
        long cells) {

    /** What limits the number of participants of a media node. */
    enum Bound {
        CPU,
        NETWORK,
        TRANSPORTS
    }

    /** The participants of one media node by each limit. */
    record MediaNode(double byCpu, double byNetwork, double byTransports) {
        /** Returns the participants that the node carries. */
        double participants() {
            return Math.min(byCpu, Math.min(byNetwork, byTransports));
        }

        Bound bound() {
            double least = participants();
            return least == byTransports ? Bound.TRANSPORTS : least == byNetwork ? Bound.NETWORK : Bound.CPU;
        }
    }

    /**
     * A number of nodes.
     *
     * @param needed the nodes that carry the load
     * @param withSpare the nodes to run
     */
    record Nodes(long needed, long withSpare) {}

    /**
     * The load of the control plane.
     *
     * @param joins joins per second
     * @param joinCores the CPU that these joins take over all nodes
     * @param journalEvents journalled events per second
     */
    record Load(double joins, double joinCores, double journalEvents) {}
}
