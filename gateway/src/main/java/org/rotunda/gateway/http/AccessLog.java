package org.rotunda.gateway.http;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.rotunda.gateway.rest.HttpExchange;
import org.rotunda.room.protocol.AccountSid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes one line for each answered HTTP request, with the logger {@value #LOGGER}. Queries are left out, because some
 * contain secrets. Safe to call from any thread.
 */
final class AccessLog {
    static final String LOGGER = "rotunda.access";
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private AccessLog() {}

    /**
     * Writes the line of a request.
     *
     * @param level the level of the line, which is lower for files of the demo page
     */
    static void write(Level level, HttpRequest request, HttpExchange exchange, HttpResponse response, Duration took) {
        LoggingEventBuilder line = LOG.atLevel(level)
                .addKeyValue("method", request.method().name())
                .addKeyValue("path", request.getUri().path())
                .addKeyValue("status", response.status().intValue())
                .addKeyValue("ms", took.toMillis())
                .addKeyValue("bytes", response.entity().getContentLengthOption().orElse(0))
                .addKeyValue("request", exchange.requestId());
        if (!exchange.remote().isEmpty()) {
            line = line.addKeyValue("remote", exchange.remote());
        }
        AccountSid account = exchange.account();
        if (account != null) {
            line = line.addKeyValue("account", account.value());
        }
        line.log("http request");
    }

    /** Writes the line of a malformed request, whose method and path are unknown. */
    static void writeMalformed(int status, String requestId) {
        LOG.atInfo()
                .addKeyValue("status", status)
                .addKeyValue("request", requestId)
                .log("malformed http request");
    }
}
