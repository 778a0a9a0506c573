package org.rotunda.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** The configuration keys of nodes that form a cluster on loopback, with one PostgreSQL. */
final class TestNodeKeys {
    private TestNodeKeys() {}

    /**
     * Returns the keys of one node. The caller may change the map.
     *
     * @param port the port for other nodes
     * @param seed the port of the node that forms the cluster
     * @param roles the roles in HOCON
     */
    static Map<String, String> of(String databaseUrl, int port, int seed, String roles) {
        Map<String, String> keys = new HashMap<>();
        keys.put("rotunda.node.roles", roles);
        keys.put("rotunda.cluster.port", Integer.toString(port));
        keys.put("rotunda.cluster.lifeline-port", "0");
        keys.put("rotunda.cluster.seeds", "[\"127.0.0.1:" + seed + "\"]");
        keys.put("rotunda.http.port", "0");
        keys.put("rotunda.management.port", "0");
        keys.put("rotunda.drain.deregister-after", "0s"); // No load balancer is in front of the node.
        keys.put("rotunda.db.url", "\"" + databaseUrl + "\"");
        keys.put("rotunda.db.user", "postgres");
        keys.put("rotunda.db.password", "\"\"");
        keys.put("rotunda.db.pool-size", "4");
        keys.put("rotunda.db.journal-pool-size", "4");
        return keys;
    }

    /** Returns a port of loopback that no program uses now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
