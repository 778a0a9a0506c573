package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rotunda.load.client.Ports;
import org.rotunda.load.client.Tokens;

/**
 * The configuration file of one node of a cluster on this machine, in production mode.
 *
 * @param name the name of the node in the test and of its files
 * @param roles any of gateway, room and media
 * @param place the place of the node in the network of this machine
 * @param clusterPort the port at which the other nodes reach the node
 * @param clusterBindPort the port at which the node listens for the other nodes; differs from {@code clusterPort} if a
 *     relay is in between
 */
record NodeFile(
        String name,
        List<String> roles,
        Place place,
        int httpPort,
        int clusterPort,
        int clusterBindPort,
        int mediaPort,
        int managementPort) {
    NodeFile {
        roles = List.copyOf(roles);
    }

    /** Returns a node on loopback with free ports. */
    static NodeFile of(String name, List<String> roles) {
        return of(name, roles, Place.LOOPBACK);
    }

    static NodeFile of(String name, List<String> roles, Place place) {
        int clusterPort = Ports.free();
        return new NodeFile(name, roles, place, Ports.free(), clusterPort, clusterPort, Ports.free(), Ports.free());
    }

    /** Returns the same node, which now listens for the other nodes on another port. */
    NodeFile behindRelay() {
        return new NodeFile(name, roles, place, httpPort, clusterPort, Ports.free(), mediaPort, managementPort);
    }

    /** Returns the address at which the other nodes reach the node. */
    InetSocketAddress cluster() {
        return new InetSocketAddress(place.clusterHost(), clusterPort);
    }

    /** Returns the address at which the node listens for the other nodes. */
    InetSocketAddress clusterBind() {
        return new InetSocketAddress(place.clusterHost(), clusterBindPort);
    }

    boolean isGateway() {
        return roles.contains("gateway");
    }

    boolean isRoom() {
        return roles.contains("room");
    }

    boolean isMedia() {
        return roles.contains("media");
    }

    /** Returns the address of REST and signaling. */
    InetSocketAddress http() {
        return new InetSocketAddress(place.serviceHost(), httpPort);
    }

    String seed() {
        return place.clusterHost() + ":" + clusterPort;
    }

    /**
     * Writes the file.
     *
     * @param overrides the HOCON values of further settings, by key
     */
    void write(Path file, List<String> seeds, String jdbcUrl, Map<String, String> overrides) {
        String text = """
            rotunda {
              node { roles = [%s], mode = production }
              cluster { host = "%s", port = %d, bind-port = %d, lifeline-port = 0, seeds = [%s] }
              management { host = "%s", port = %d }
              http { host = "%s", port = %d }
              media { bind = "%s", port = %d, loops = 1 }
              accounts = [{
                sid = %s
                auth-tokens = [%s]
                keys = [{ sid = %s, secret = %s }]
              }]
              db { url = "%s", user = postgres, pool-size = 4, journal-pool-size = 4 }
              limits { reads-per-second = 0, writes-per-second = 0, connects-per-second = 0, failures-per-minute = 0 }
              log.format = text
            }
            %s
            """.formatted(
                        String.join(", ", roles),
                        place.clusterHost(),
                        clusterPort,
                        clusterBindPort,
                        seeds.stream().map(seed -> '"' + seed + '"').collect(Collectors.joining(", ")),
                        place.serviceHost(),
                        managementPort,
                        place.serviceHost(),
                        httpPort,
                        place.serviceHost(),
                        mediaPort,
                        Tokens.ACCOUNT,
                        Tokens.AUTH_TOKEN,
                        Tokens.KEY,
                        Tokens.SECRET,
                        jdbcUrl.replace(Place.LOOPBACK.databaseHost(), place.databaseHost()),
                        overrides.entrySet().stream()
                                .map(entry -> entry.getKey() + " = " + entry.getValue())
                                .collect(Collectors.joining("\n")));
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
