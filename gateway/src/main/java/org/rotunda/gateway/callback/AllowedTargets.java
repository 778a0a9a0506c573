package org.rotunda.gateway.callback;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.rotunda.gateway.net.AddressRange;

/** The targets that callbacks may have besides public addresses: the list {@code rotunda.callbacks.allow}. Immutable. */
final class AllowedTargets {
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9_.-]*[a-z0-9])?");

    private final List<AddressRange> ranges = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();

    private AllowedTargets() {}

    /** Reads a list of IP addresses, ranges of IP addresses, and host names. */
    static AllowedTargets of(List<String> texts) {
        AllowedTargets targets = new AllowedTargets();
        for (String text : texts) {
            if (AddressRange.isRange(text)) {
                targets.ranges.add(AddressRange.parse(text));
                continue;
            }
            String host = normal(text);
            if (!HOST.matcher(host).matches() || AddressGuard.isAmbiguous(host)) {
                throw new IllegalArgumentException("not an IP address, a range or a host name: " + text);
            }
            targets.hosts.add(host);
        }
        return targets;
    }

    /** Returns whether callbacks to this host are allowed, whatever its addresses are. */
    boolean allows(String host) {
        return hosts.contains(normal(host));
    }

    boolean allows(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ranges.stream().anyMatch(range -> range.contains(bytes));
    }

    /** Returns the name in lower case, without the dot at its end that marks a complete name. */
    private static String normal(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
