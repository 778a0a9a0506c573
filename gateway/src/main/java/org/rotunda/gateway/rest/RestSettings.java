package org.rotunda.gateway.rest;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ClientLimits;

/**
 * The settings of the REST API. {@code reference.conf} explains each key.
 *
 * @param publicUrl the base of all links, without a slash at the end; null if links are derived from the request
 * @param participantsMax the highest limit of participants that a request may set for a group room
 * @param recordingSimulated true if a room may be created with recording on, although nothing is recorded
 */
public record RestSettings(
        @Nullable String publicUrl,
        long formBytesMax,
        Duration roomTimeout,
        Duration answerTimeout,
        String region,
        int participantsMax,
        boolean recordingSimulated) {
    /** The longest time for an answer. The HTTP server ends a request by itself after 20 s. */
    private static final Duration ANSWER_TIMEOUT_MAX = Duration.ofSeconds(19);

    public RestSettings {
        if (publicUrl != null && !isBaseUrl(publicUrl)) {
            throw new IllegalArgumentException("rotunda.http.public-url must be http(s)://host[:port]: " + publicUrl);
        }
        if (formBytesMax < 1024) {
            throw new IllegalArgumentException("rotunda.http.form-bytes-max must be at least 1 KiB: " + formBytesMax);
        }
        if (roomTimeout.isNegative() || roomTimeout.isZero()) {
            throw new IllegalArgumentException("rotunda.http.room-timeout must be positive: " + roomTimeout);
        }
        if (answerTimeout.isNegative() || answerTimeout.isZero() || answerTimeout.compareTo(ANSWER_TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("rotunda.http.answer-timeout must be positive and at most "
                    + ANSWER_TIMEOUT_MAX.toSeconds() + " s: " + answerTimeout);
        }
        if (participantsMax < 1 || participantsMax > ClientLimits.ROOM_PARTICIPANTS_MAX) {
            throw new IllegalArgumentException("rotunda.rooms.group.participants-max must be from 1 to "
                    + ClientLimits.ROOM_PARTICIPANTS_MAX + ": " + participantsMax);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static RestSettings from(Config root) {
        Config http = root.getConfig("rotunda.http");
        String publicUrl = http.getString("public-url");
        return new RestSettings(
                publicUrl.isEmpty() ? null : publicUrl.replaceFirst("/+$", ""),
                http.getBytes("form-bytes-max"),
                http.getDuration("room-timeout"),
                http.getDuration("answer-timeout"),
                root.getString("rotunda.region"),
                root.getInt("rotunda.rooms.group.participants-max"),
                root.getBoolean("rotunda.rooms.simulate-recording"));
    }

    /**
     * Returns the time in which a create of a room is answered. It is shorter than {@link #answerTimeout}, so that the
     * create is remembered before the caller hears of its failure and repeats it.
     */
    Duration createTimeout() {
        return answerTimeout.multipliedBy(5).dividedBy(6);
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
