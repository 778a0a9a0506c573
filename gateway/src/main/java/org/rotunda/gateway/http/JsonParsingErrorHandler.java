package org.rotunda.gateway.http;

import java.security.SecureRandom;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.rotunda.gateway.rest.ApiFault;
import org.rotunda.gateway.rest.Json;
import org.rotunda.gateway.rest.Responses;

/**
 * Answers a client that sends bytes that are not an HTTP request. The error body has the same format as all other
 * errors.
 */
public final class JsonParsingErrorHandler extends ParsingErrorHandler {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The only instance. The HTTP server expects it in a field of this name. */
    @SuppressWarnings("unused") // The HTTP server reads the field by reflection.
    public static final JsonParsingErrorHandler MODULE$ = new JsonParsingErrorHandler();

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        String requestId = RequestIds.next(RANDOM);
        log.debug("Illegal request {}: {}", requestId, info.summary());
        AccessLog.writeMalformed(status.intValue(), requestId);
        ApiFault fault = status.intValue() == 413 || status.intValue() == 414
                ? ApiFault.of(status.intValue(), 20413, "Request Entity Too Large")
                : ApiFault.of(status.intValue(), 20001, "Invalid request");
        return HttpResponse.create()
                .withStatus(StatusCodes.get(status.intValue()))
                .withEntity(ContentTypes.APPLICATION_JSON, Json.write(Json.error(fault)))
                .addHeaders(Responses.CORS)
                .addHeader(RawHeader.create(RequestIds.HEADER, requestId));
    }
}
