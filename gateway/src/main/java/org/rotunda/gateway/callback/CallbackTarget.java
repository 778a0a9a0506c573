package org.rotunda.gateway.callback;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The target of a callback, as it is connected to, sent and signed. The receiver computes the signature from the URL
 * that it sees, so the signed URL consists of exactly what is sent.
 *
 * @param isSecure true for https
 * @param host the name or address of the host in lower case, without the brackets of an IPv6 address
 * @param port the port to connect to
 * @param requestTarget the path and the query of the request
 * @param signedUrl the URL that is signed
 * @param userInfo the user and password in the URL, with escapes; null if the URL has none
 */
record CallbackTarget(
        boolean isSecure,
        String host,
        int port,
        String requestTarget,
        String signedUrl,
        @Nullable String userInfo) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int PORT_MAX = 65_535;

    /**
     * Reads a URL.
     *
     * @param query the parameters that a GET request carries in its query; empty for a POST request
     * @throws IllegalArgumentException if the URL cannot be called
     */
    static CallbackTarget of(String url, String query) {
        URI uri = parse(url);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean isSecure = scheme.equals("https");
        if (!isSecure && !scheme.equals("http")) {
            throw new IllegalArgumentException("the scheme of a callback URL must be http or https");
        }
        String authority = uri.getHost();
        if (authority == null || authority.contains("%")) { // A zone names an interface of this machine.
            throw new IllegalArgumentException("a callback URL must have a host");
        }
        authority = authority.toLowerCase(Locale.ROOT);
        int usual = isSecure ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("a callback URL must not have the port " + port);
        }
        String target = requestTarget(uri, query);
        return new CallbackTarget(
                isSecure,
                authority.startsWith("[") ? authority.substring(1, authority.length() - 1) : authority,
                port,
                target,
                scheme + "://" + authority + (port == usual ? "" : ":" + port) + target,
                uri.getRawUserInfo());
    }

    private static URI parse(String url) {
        try {
            return new URI(new URI(url).toASCIIString()); // Escapes characters that a request line must not have.
        } catch (URISyntaxException unusable) {
            throw new IllegalArgumentException("not a URL", unusable);
        }
    }

    private static String requestTarget(URI uri, String more) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String own = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        String query = own.isEmpty() || more.isEmpty() ? own + more : own + "&" + more;
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** Returns the value of the Host header, without the port. */
    String hostHeader() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** Returns whether the port is the usual port of the scheme, which the Host header leaves out. */
    boolean isUsualPort() {
        return port == (isSecure ? HTTPS_PORT : HTTP_PORT);
    }
}
