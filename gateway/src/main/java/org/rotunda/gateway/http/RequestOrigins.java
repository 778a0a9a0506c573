package org.rotunda.gateway.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.net.AddressRange;
import org.rotunda.gateway.rest.RequestOrigin;

/**
 * Finds out where requests come from. The headers {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} count only
 * on connections from a trusted proxy, because every other client can write what it likes into them. Immutable.
 */
final class RequestOrigins {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,255}(:\\d{1,5})?|\\[[0-9a-fA-F:.]{2,45}](:\\d{1,5})?");

    /** An IPv6 address in brackets, as proxies write it together with a port. */
    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\[\\]]*)](:\\d{1,5})?");

    private static final Pattern V4_AND_PORT = Pattern.compile("([0-9.]+):\\d{1,5}");

    /** The number of bytes of an IPv6 address that identify a client: one client may have all addresses of a /64. */
    private static final int V6_BYTES = 8;

    private final List<AddressRange> trusted;

    /** @param trustedProxies the addresses of proxies whose headers count */
    RequestOrigins(List<AddressRange> trustedProxies) {
        trusted = List.copyOf(trustedProxies);
    }

    /** @param isSecure true if the connection itself has TLS */
    RequestOrigin of(HttpRequest request, boolean isSecure) {
        InetAddress peer = request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .orElse(null);
        String scheme = isSecure ? "https" : "http";
        String host = valid(first(request, "Host"));
        if (peer == null) {
            return new RequestOrigin("", "", scheme, host == null ? "localhost" : host);
        }
        if (!isTrusted(peer)) {
            return new RequestOrigin(peer.getHostAddress(), limited(peer), scheme, host == null ? "localhost" : host);
        }
        String proto = first(request, "X-Forwarded-Proto");
        if ("https".equals(proto)) {
            scheme = "https";
        } else if ("http".equals(proto)) {
            scheme = "http";
        }
        String forwarded = valid(first(request, "X-Forwarded-Host"));
        InetAddress client = client(request, peer);
        return new RequestOrigin(
                client.getHostAddress(),
                limited(client),
                scheme,
                forwarded != null ? forwarded : host == null ? "localhost" : host);
    }

    /** Returns the part of an address that identifies a client, in hex digits. */
    private static String limited(InetAddress client) {
        byte[] bytes = client.getAddress();
        return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, V6_BYTES));
    }

    private boolean isTrusted(InetAddress address) {
        byte[] bytes = address.getAddress();
        return trusted.stream().anyMatch(range -> range.contains(bytes));
    }

    /**
     * Returns the address from which the request came to the first trusted proxy. Each proxy adds the address that it
     * sees at the end of {@code X-Forwarded-For}, so the list is read from its end, as long as the proxy that wrote an
     * element is trusted. Whatever the client itself wrote stands before that.
     */
    private InetAddress client(HttpRequest request, InetAddress peer) {
        List<String> hops = new ArrayList<>();
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("x-forwarded-for")) {
                hops.addAll(List.of(header.value().split(",", -1)));
            }
        }
        InetAddress client = peer;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
            InetAddress hop = address(hops.get(i).strip());
            if (hop == null) {
                return client;
            }
            client = hop;
        }
        return client;
    }

    private static @Nullable InetAddress address(String text) {
        Matcher brackets = BRACKETS.matcher(text);
        Matcher v4 = V4_AND_PORT.matcher(text);
        String bare = brackets.matches() ? brackets.group(1) : v4.matches() ? v4.group(1) : text;
        return AddressRange.address(bare).orElse(null);
    }

    private static @Nullable String valid(@Nullable String host) {
        return host != null && HOST.matcher(host).matches() ? host : null;
    }

    /** Returns the first element of a header. The first proxy wrote it; later proxies append their own elements. */
    private static @Nullable String first(HttpRequest request, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (HttpHeader header : request.getHeaders()) {
            if (header.is(lower)) {
                return header.value().split(",", 2)[0].strip();
            }
        }
        return null;
    }
}
