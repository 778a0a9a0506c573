package org.rotunda.load.cluster;

import java.util.List;

/**
 * The place of a node in the network of this machine.
 *
 * @param clusterHost the address of the node for other nodes
 * @param serviceHost the address of the node for clients, backends and health checks
 * @param databaseHost the address at which the node reaches PostgreSQL
 * @param launcher the command that runs the node's command line in this place; empty on loopback
 */
record Place(String clusterHost, String serviceHost, String databaseHost, List<String> launcher) {
    static final Place LOOPBACK = new Place("127.0.0.1", "127.0.0.1", "127.0.0.1", List.of());

    Place {
        launcher = List.copyOf(launcher);
    }
}
