package org.rotunda.gateway.rest;

import org.jspecify.annotations.Nullable;

/**
 * The place from which a request came, and the URL under which its client reaches this server.
 *
 * @param remote the client's address; empty if it is not known
 * @param client the address by which the client is limited, in hex digits; the first 64 bits for IPv6, because one client
 *     may have all addresses of a /64; empty if it is not known
 * @param scheme http or https
 * @param host the host as the client names it, with its port if it is not that of the scheme
 */
public record RequestOrigin(String remote, String client, String scheme, String host) {
    /**
     * Returns the URL with which links in the answer begin.
     *
     * @param configured the URL in the configuration, which comes first; null if there is none
     */
    public String baseUrl(@Nullable String configured) {
        return configured != null ? configured : scheme + "://" + host;
    }
}
