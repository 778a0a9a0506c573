package org.rotunda.load.cluster;

import java.util.List;

/**
 * Where in the network of this machine a node runs.
 *
 * @param clusterHost the node's address for the other nodes
 * @param serviceHost its address for clients, backends and whoever asks for its health
 * @param databaseHost under which it reaches PostgreSQL
 * @param launcher the words before its command line that bring it there
 */
record Place(String clusterHost, String serviceHost, String databaseHost, List<String> launcher) {
    static final Place LOOPBACK = new Place("127.0.0.1", "127.0.0.1", "127.0.0.1", List.of());

    Place {
        launcher = List.copyOf(launcher);
    }
}
