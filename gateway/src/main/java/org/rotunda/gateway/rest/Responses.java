package org.rotunda.gateway.rest;

import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Makes HTTP responses. */
public final class Responses {
    /** The headers of every answer, including errors, so that pages of any origin can use this API. */
    public static final List<HttpHeader> CORS = List.of(
            RawHeader.create("Access-Control-Allow-Origin", "*"),
            RawHeader.create("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"),
            RawHeader.create("Access-Control-Allow-Headers", "Authorization, Content-Type"));

    private Responses() {}

    public static HttpResponse json(int status, String body) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(ContentTypes.APPLICATION_JSON, body);
    }

    /** Returns an answer without a body. */
    static HttpResponse empty(int status) {
        return HttpResponse.create().withStatus(StatusCodes.get(status));
    }

    public static HttpResponse error(ApiFault fault) {
        HttpResponse response = json(fault.status(), Json.write(Json.error(fault)));
        return switch (fault.status()) {
            case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Basic realm=\"Twilio API\""));
            case 405 -> response.addHeader(RawHeader.create("Allow", fault.allowed()));
            case 429, 503 -> response.addHeader(RawHeader.create("Retry-After", Integer.toString(fault.retryAfter())));
            default -> response;
        };
    }

    /** Answers the preflight request of a browser. */
    public static HttpResponse preflight() {
        return HttpResponse.create()
                .withStatus(StatusCodes.NO_CONTENT)
                .addHeader(RawHeader.create("Access-Control-Max-Age", "86400"));
    }
}
