package org.rotunda.node.config;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds the address under which other machines of the network know this machine. The value {@link #OWN} of
 * {@code rotunda.media.bind} stands for this address. A browser that never sends from the loopback interface, like
 * Firefox, can reach this address although the browser is on the same machine.
 */
final class OwnAddress {
    static final String OWN = "own";

    private static final String LOOPBACK = "127.0.0.1";

    /**
     * Addresses that are reserved for documentation (RFC 5737, RFC 3849). The kernel's route to them is the default
     * route.
     */
    private static final List<String> ELSEWHERE = List.of("203.0.113.1", "2001:db8::1");

    private static final int PORT = 9; // Any port will do, because nothing is sent.

    private OwnAddress() {}

    /**
     * Returns the address from which this machine sends to other networks. A machine without a default route has
     * another address of its interfaces here, and a machine without any network has {@code 127.0.0.1}.
     */
    static String find() {
        List<InetAddress> candidates = new ArrayList<>();
        for (String elsewhere : ELSEWHERE) {
            candidates.addAll(sourceTowards(elsewhere));
        }
        List<InetAddress> interfaces = ofInterfaces();
        interfaces.stream().filter(Inet4Address.class::isInstance).forEach(candidates::add);
        interfaces.stream()
                .filter(address -> !(address instanceof Inet4Address))
                .forEach(candidates::add);
        return first(candidates);
    }

    /** Returns the first address that a client on this machine can use, or {@code 127.0.0.1} if there is none. */
    static String first(List<InetAddress> candidates) {
        return candidates.stream()
                .filter(address -> !address.isLoopbackAddress()
                        && !address.isAnyLocalAddress()
                        // Clients would have to name the interface with such an address.
                        && !address.isLinkLocalAddress())
                .map(address -> address.getHostAddress().replaceAll("%.*", ""))
                .findFirst()
                .orElse(LOOPBACK);
    }

    /** Returns the source address of packets to that address. Connecting a UDP socket sends nothing. */
    private static List<InetAddress> sourceTowards(String elsewhere) {
        try {
            InetAddress remote = InetAddress.getByName(elsewhere);
            StandardProtocolFamily family =
                    remote instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
            try (DatagramChannel channel = DatagramChannel.open(family)) {
                channel.connect(new InetSocketAddress(remote, PORT));
                return channel.getLocalAddress() instanceof InetSocketAddress local
                        ? List.of(local.getAddress())
                        : List.of();
            }
        } catch (IOException | UnsupportedOperationException noRoute) {
            return List.of(); // The machine has no default route of this address family.
        }
    }

    private static List<InetAddress> ofInterfaces() {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()) {
                    addresses.addAll(Collections.list(each.getInetAddresses()));
                }
            }
        } catch (SocketException unreadable) {
            return addresses; // The addresses of the interfaces read so far are still valid.
        }
        return addresses;
    }
}
