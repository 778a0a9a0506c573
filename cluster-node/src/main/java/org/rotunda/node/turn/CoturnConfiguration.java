package org.rotunda.node.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The configuration of a coturn for the programs of this machine. It takes clients on 127.0.0.1, relays UDP from
 * {@link #RELAY}, and only to the media router and to its own relays.
 *
 * @param port UDP and TCP port for clients
 * @param secret the secret that it shares with the gateway
 * @param peers the IP addresses of the media router
 */
record CoturnConfiguration(int port, String secret, Collection<String> peers, CoturnFiles files) {
    /** The address on which clients reach it. */
    static final String LISTENING = "127.0.0.1";

    /**
     * The address of the relays, which is not that of any other program. So relays of two clients may send to each
     * other, and still not to all that listens on 127.0.0.1.
     */
    static final String RELAY = "127.0.0.2";

    CoturnConfiguration {
        peers = List.copyOf(new TreeSet<>(peers));
    }

    /** Returns the address for clients with a port. */
    static InetSocketAddress listening(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(LISTENING, new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv4 address has four bytes", e);
        }
    }

    /** Returns the lines of the configuration file. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "# Written by \"rotunda dev\" at each start.",
                "listening-ip=" + LISTENING,
                "listening-port=" + port,
                "relay-ip=" + RELAY,
                "relay-threads=1",
                "realm=rotunda",
                "use-auth-secret",
                "static-auth-secret=" + secret,
                "allow-loopback-peers"));
        lines.add("allowed-peer-ip=" + RELAY);
        peers.forEach(peer -> lines.add("allowed-peer-ip=" + peer));
        lines.addAll(List.of(
                // What is allowed above takes precedence.
                "denied-peer-ip=0.0.0.0-255.255.255.255",
                "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "no-multicast-peers",
                "no-tcp-relay",
                "no-tls",
                "no-dtls",
                "no-cli",
                "no-rfc5780",
                "log-file=stdout",
                "userdb=" + files.database(),
                "pidfile=" + files.processId()));
        return lines;
    }

    @Override
    public String toString() {
        return "CoturnConfiguration[port=" + port + ", peers=" + peers + "]";
    }
}
