package org.rotunda.gateway.http;

import java.security.SecureRandom;
import java.util.List;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.Responses;

/**
 * Answers a client that sends bytes that are not an HTTP request. The error body has the same format as all other
 * errors.
 */
public final class JsonParsingErrorHandler extends ParsingErrorHandler {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The methods that some path of this server has. The path of the illegal request is not known here. */
    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "HEAD", "OPTIONS");

    /** The only instance. The HTTP server expects it in a field of this name. */
    @SuppressWarnings("unused") // The HTTP server reads the field by reflection.
    public static final JsonParsingErrorHandler MODULE$ = new JsonParsingErrorHandler();

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        String requestId = RequestIds.next(RANDOM);
        log.debug("Illegal request {}: {}", requestId, info.summary());
        ApiFault fault = fault(status.intValue());
        AccessLog.writeMalformed(fault.status(), requestId);
        return Responses.error(fault)
                .addHeaders(Responses.CORS)
                .addHeader(RawHeader.create(RequestIds.HEADER, requestId));
    }

    private static ApiFault fault(int status) {
        return switch (status) {
            case 413, 414 -> ApiFault.of(status, 20413, "Request Entity Too Large");
            // The parser answers an unknown method with 501. Helper libraries would repeat the request after a 5xx.
            case 501 -> ApiFault.methodNotAllowed(METHODS);
            default -> ApiFault.of(status, 20001, "Invalid request");
        };
    }
}
