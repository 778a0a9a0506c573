package org.rotunda.load.relay;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A relay between clients and one media router.
 *
 * @param host local address of all its sockets
 * @param routers where the router listens, a port for each of its loops
 * @param up from clients to the router, for each client a link of its own
 * @param down from the router to clients
 * @param seed of all links; the n-th client to come gets the same network in every run
 */
public record RelaySettings(
        String host, List<InetSocketAddress> routers, LinkSchedule up, LinkSchedule down, long seed) {
    public RelaySettings {
        routers = List.copyOf(routers);
        if (routers.isEmpty()) {
            throw new IllegalArgumentException("a relay needs a router");
        }
    }

    /** On loopback, with the same network both ways. */
    public static RelaySettings loopback(List<InetSocketAddress> routers, LinkSchedule both, long seed) {
        return new RelaySettings("127.0.0.1", routers, both, both, seed);
    }
}
