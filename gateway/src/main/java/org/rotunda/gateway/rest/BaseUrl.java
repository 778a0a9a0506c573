package org.rotunda.gateway.rest;

import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Finds the URL under which a client reaches this server. The links in answers begin with this URL. */
final class BaseUrl {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,255}(:\\d{1,5})?|\\[[0-9a-fA-F:.]{2,45}](:\\d{1,5})?");

    private BaseUrl() {}

    /**
     * Returns the configured URL. Without a configured URL, takes scheme and host from the proxy's headers or from the
     * request.
     */
    static String of(HttpRequest request, @Nullable String configured) {
        if (configured != null) {
            return configured;
        }
        String proto = header(request, "X-Forwarded-Proto");
        String scheme = "https".equals(proto) || "http".equals(proto) ? proto : "http";
        String forwarded = header(request, "X-Forwarded-Host");
        String host = forwarded != null && HOST.matcher(forwarded).matches() ? forwarded : header(request, "Host");
        return scheme + "://" + (host != null && HOST.matcher(host).matches() ? host : "localhost");
    }

    /** Returns the first element of a header. The first proxy wrote it; later proxies append their own elements. */
    private static @Nullable String header(HttpRequest request, String name) {
        String value = request.getHeader(name).map(HttpHeader::value).orElse(null);
        if (value == null) {
            return null;
        }
        int comma = value.indexOf(',');
        return (comma < 0 ? value : value.substring(0, comma)).strip();
    }
}
