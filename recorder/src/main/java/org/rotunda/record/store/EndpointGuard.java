package org.rotunda.record.store;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps uploads away from addresses that are not public, because an account chooses the URL of its own bucket and the
 * node may reach more than the account: its own machine, the network around it, and the metadata service of its cloud.
 * The rules are those of status callbacks. The endpoint that the operator configures is not judged. Immutable.
 */
public final class EndpointGuard {
    /** Longer than each URL of a bucket with a path. */
    static final int URL_MAX = 2_048;

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

    private static final AddressRange MAPPED_V4 = AddressRange.mappedV4();
    private static final int V4_LENGTH = 4;
    private static final int V6_LENGTH = 16;
    private static final int PORT_MAX = 65_535;

    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9_.-]*[a-z0-9])?");
    private static final Pattern LAST_LABEL = Pattern.compile("(?:.*\\.)?([^.]+)\\.?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    private final List<AddressRange> allowedRanges = new ArrayList<>();
    private final Set<String> allowedHosts = new HashSet<>();

    /**
     * Reads the list of allowed endpoints.
     *
     * @param allowed IP addresses, ranges of IP addresses, and host names that are allowed besides public addresses
     */
    public EndpointGuard(List<String> allowed) {
        for (String text : allowed) {
            if (AddressRange.isRange(text)) {
                allowedRanges.add(AddressRange.parse(text));
                continue;
            }
            String host = normal(text);
            if (!HOST.matcher(host).matches() || isAmbiguous(host)) {
                throw new IllegalArgumentException("not an IP address, a range or a host name: " + text);
            }
            allowedHosts.add(host);
        }
    }

    /**
     * Judges the URL of a bucket, without looking its host up.
     *
     * @return the reason for which the URL is refused, for the answer to the account; nothing if it is accepted
     */
    public Optional<String> refusal(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException unusable) {
            return Optional.of("not a URL");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (url.length() > URL_MAX || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.of("the scheme must be https or http, and the URL not longer than " + URL_MAX);
        }
        String authority = uri.getHost();
        if (authority == null || authority.contains("%")) { // A zone names an interface of this machine.
            return Optional.of("the URL has no host");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return Optional.of("the URL must have no user, no query and no fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > PORT_MAX) {
            return Optional.of("the URL has no usable port");
        }
        String host = authority.startsWith("[") ? authority.substring(1, authority.length() - 1) : authority;
        boolean isForbidden = isAmbiguous(host)
                || AddressRange.address(host)
                        .map(address -> forbids(host, List.of(address)))
                        .orElse(false);
        return isForbidden ? Optional.of("the host is not public") : Optional.empty();
    }

    /**
     * Returns whether uploads must not go to the host with these addresses. One forbidden address is enough, because
     * the name then is not the public name of a store.
     */
    public boolean forbids(String host, List<InetAddress> addresses) {
        return !allowedHosts.contains(normal(host))
                && addresses.stream().anyMatch(address -> !isPublic(address.getAddress()) && !isAllowed(address));
    }

    private boolean isAllowed(InetAddress address) {
        byte[] bytes = address.getAddress();
        return allowedRanges.stream().anyMatch(range -> range.contains(bytes));
    }

    /** Returns whether the host is a number that different programs take for different IPv4 addresses. */
    private static boolean isAmbiguous(String host) {
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

    /** Returns the name in lower case, without the dot at its end that marks a complete name. */
    private static String normal(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
