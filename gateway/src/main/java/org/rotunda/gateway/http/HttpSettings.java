package org.rotunda.gateway.http;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The keys under {@code rotunda.http}; {@code reference.conf} says what each means and in which unit.
 *
 * @param publicUrl without a slash at the end; null derives links from the request
 * @param participantsMax the most that a group room may be created for
 */
public record HttpSettings(
        String host,
        int port,
        @Nullable String publicUrl,
        int connectionsMax,
        long formBytesMax,
        Duration roomTimeout,
        boolean devToken,
        boolean demoPage,
        String region,
        int participantsMax) {
    public HttpSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("rotunda.http.port must be between 0 and 65535: " + port);
        }
        if (publicUrl != null && !isBaseUrl(publicUrl)) {
            throw new IllegalArgumentException("rotunda.http.public-url must be http(s)://host[:port]: " + publicUrl);
        }
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("rotunda.http.connections-max must be at least 1: " + connectionsMax);
        }
        if (formBytesMax < 1024) {
            throw new IllegalArgumentException("rotunda.http.form-bytes-max must be at least 1 KiB: " + formBytesMax);
        }
        if (roomTimeout.isNegative() || roomTimeout.isZero()) {
            throw new IllegalArgumentException("rotunda.http.room-timeout must be positive: " + roomTimeout);
        }
        if (participantsMax < 1) {
            throw new IllegalArgumentException(
                    "rotunda.rooms.group.participants-max must be at least 1: " + participantsMax);
        }
    }

    /** Reads the whole configuration of the node. */
    public static HttpSettings from(Config root) {
        Config http = root.getConfig("rotunda.http");
        String publicUrl = http.getString("public-url");
        return new HttpSettings(
                http.getString("host"),
                http.getInt("port"),
                publicUrl.isEmpty() ? null : publicUrl.replaceFirst("/+$", ""),
                http.getInt("connections-max"),
                http.getBytes("form-bytes-max"),
                http.getDuration("room-timeout"),
                http.getBoolean("dev-token"),
                http.getBoolean("demo-page"),
                root.getString("rotunda.region"),
                root.getInt("rotunda.rooms.group.participants-max"));
    }

    private static boolean isBaseUrl(String text) {
        try {
            URI uri = URI.create(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
                    && uri.getRawQuery() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
