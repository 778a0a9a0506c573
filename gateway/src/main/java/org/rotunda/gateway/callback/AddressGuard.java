package org.rotunda.gateway.callback;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rotunda.gateway.net.AddressRange;

/**
 * Keeps callbacks away from addresses that are not public, because the application chooses the URL and the node may
 * reach more than the application: its own machine, the network around it, and the metadata service of its cloud.
 *
 * <p>The guard judges the addresses to which a name resolves. The connection must go to an address that it has judged,
 * because a second look-up might have another result. Immutable.
 */
final class AddressGuard {
    /** The IPv4 addresses that are not public (the IANA registry of special-purpose addresses, and two more). */
    private static final List<AddressRange> FORBIDDEN_V4 = Stream.of(
                    "0.0.0.0/8", // This network; 0.0.0.0 reaches the machine itself.
                    "10.0.0.0/8", // Private.
                    "100.64.0.0/10", // Shared by carriers; the metadata service of one cloud.
                    "127.0.0.0/8", // Loopback.
                    "168.63.129.16", // The host agent of one cloud, reachable from its machines only.
                    "169.254.0.0/16", // Link-local; the metadata service of most clouds.
                    "172.16.0.0/12", // Private.
                    "192.0.0.0/24", // Protocol assignments; the metadata service of one cloud.
                    "192.0.2.0/24", // Documentation.
                    "192.88.99.0/24", // Relays of 6to4.
                    "192.168.0.0/16", // Private.
                    "198.18.0.0/15", // Benchmarks.
                    "198.51.100.0/24", // Documentation.
                    "203.0.113.0/24", // Documentation.
                    "224.0.0.0/4", // Multicast.
                    "240.0.0.0/4") // Reserved; broadcast.
            .map(AddressRange::parse)
            .toList();

    /** The IPv6 addresses that are global unicast. All others are forbidden, except for {@link #NAT64}. */
    private static final AddressRange GLOBAL_V6 = AddressRange.parse("2000::/3");

    /** The addresses in {@link #GLOBAL_V6} that are not public. */
    private static final List<AddressRange> FORBIDDEN_V6 = Stream.of(
                    "2001::/23", // Protocol assignments, among them Teredo, which hides an IPv4 address.
                    "2001:db8::/32", // Documentation.
                    "2002::/16", // 6to4, which hides an IPv4 address.
                    "3fff::/20") // Documentation.
            .map(AddressRange::parse)
            .toList();

    /** Addresses that end in an IPv4 address, which a translator reaches (RFC 6052). The IPv4 address is judged. */
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");

    /** Addresses that end in an IPv4 address, which the socket reaches (RFC 4291, 2.5.5.2). */
    private static final AddressRange MAPPED_V4 = new AddressRange(mappedPrefix(), 96);

    private static final int V4_LENGTH = 4;
    private static final int V6_LENGTH = 16;

    private static final Pattern LAST_LABEL = Pattern.compile("(?:.*\\.)?([^.]+)\\.?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    private final AllowedTargets allowed;

    AddressGuard(AllowedTargets allowed) {
        this.allowed = allowed;
    }

    /**
     * Returns whether callbacks must not go to the host with these addresses. One forbidden address is enough, because
     * the name then is not the public name of a receiver.
     */
    boolean forbids(String host, List<InetAddress> addresses) {
        return !allowed.allows(host)
                && addresses.stream().anyMatch(address -> !isPublic(address.getAddress()) && !allowed.allows(address));
    }

    /**
     * Returns whether the host is a number that different programs take for different IPv4 addresses: in decimal, octal
     * or hexadecimal notation, or with fewer than four parts. Only the usual notation is accepted.
     */
    static boolean isAmbiguous(String host) {
        var last = LAST_LABEL.matcher(host);
        return last.matches()
                && NUMBER.matcher(last.group(1)).matches()
                && !AddressRange.DOTTED_QUAD.matcher(host).matches();
    }

    private static boolean isPublic(byte[] address) {
        if (address.length == V4_LENGTH) {
            return FORBIDDEN_V4.stream().noneMatch(range -> range.contains(address));
        }
        if (NAT64.contains(address) || MAPPED_V4.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, V6_LENGTH - V4_LENGTH, V6_LENGTH));
        }
        return GLOBAL_V6.contains(address) && FORBIDDEN_V6.stream().noneMatch(range -> range.contains(address));
    }

    private static byte[] mappedPrefix() {
        byte[] prefix = new byte[V6_LENGTH];
        prefix[10] = (byte) 0xFF;
        prefix[11] = (byte) 0xFF;
        return prefix;
    }
}
