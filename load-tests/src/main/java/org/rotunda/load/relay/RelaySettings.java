package org.rotunda.load.relay;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The settings of a relay between clients and one media router.
 *
 * @param host the local address of all sockets of the relay
 * @param routers the addresses at which the router listens, one port for each of its loops
 * @param up the network from each client to the router
 * @param down the network from the router to each client
 * @param seed the seed of all links; the n-th client gets the same network in every run
 */
public record RelaySettings(
        String host, List<InetSocketAddress> routers, LinkSchedule up, LinkSchedule down, long seed) {
    public RelaySettings {
        routers = List.copyOf(routers);
        if (routers.isEmpty()) {
            throw new IllegalArgumentException("a relay needs a router");
        }
    }

    /** Returns the settings of a relay on loopback with the same network in both directions. */
    public static RelaySettings loopback(List<InetSocketAddress> routers, LinkSchedule both, long seed) {
        return new RelaySettings("127.0.0.1", routers, both, both, seed);
    }
}
