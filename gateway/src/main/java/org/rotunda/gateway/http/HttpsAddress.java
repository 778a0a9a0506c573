package org.rotunda.gateway.http;

import java.util.Iterator;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.RequestOrigin;
import org.rotunda.gateway.rest.VideoApi;

/**
 * The place to which the port without TLS sends its callers. Browsers follow a redirect. A request of the API is refused
 * instead: the helper libraries do not follow redirects, and its credentials have been on the wire already, so whoever
 * sent it has to learn of it.
 *
 * @param publicUrl the configured beginning of all links; null if there is none
 * @param port the port with TLS
 */
public record HttpsAddress(@Nullable String publicUrl, int port) {
    private static final int HTTPS_PORT = 443;
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    /** Returns the answer to a request that came without TLS. */
    HttpResponse answer(HttpRequest request, RequestOrigin origin) {
        String base = base(origin);
        if (!isForPages(request)) {
            throw ApiFault.of(403, 20403, "This server answers on " + base + " only");
        }
        return HttpResponse.create()
                .withStatus(StatusCodes.PERMANENT_REDIRECT)
                .addHeader(RawHeader.create("Location", base + request.getUri().toRelative()));
    }

    private String base(RequestOrigin origin) {
        if (publicUrl != null && publicUrl.startsWith("https://")) {
            return publicUrl;
        }
        String host = PORT.matcher(origin.host()).replaceFirst("");
        return "https://" + host + (port == HTTPS_PORT ? "" : ":" + port);
    }

    private static boolean isForPages(HttpRequest request) {
        HttpMethod method = request.method();
        Iterator<String> segments = request.getUri().pathSegments().iterator();
        String first = segments.hasNext() ? segments.next() : "";
        return (method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD))
                && !VideoApi.isVersion(first)
                && !first.equals("signaling")
                && !first.equals("dev");
    }
}
