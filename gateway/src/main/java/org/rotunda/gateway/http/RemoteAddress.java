package org.rotunda.gateway.http;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * The address of the client that sent a request. It is used only for logs, because without a proxy a client can claim
 * any address.
 */
final class RemoteAddress {
    /** The form of IPv4 and IPv6 addresses. Other texts must not get into a log. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

    private RemoteAddress() {}

    /**
     * Returns the first address in {@code X-Forwarded-For}, or else the address of the connection, or else an empty
     * text.
     */
    static String of(HttpRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For")
                .map(HttpHeader::value)
                .map(value -> value.split(",", 2)[0].strip())
                .orElse("");
        if (ADDRESS.matcher(forwarded).matches()) {
            return forwarded;
        }
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(peer -> peer.getAddress())
                .map(InetAddress::getHostAddress)
                .orElse("");
    }
}
