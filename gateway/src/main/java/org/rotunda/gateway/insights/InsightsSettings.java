package org.rotunda.gateway.insights;

import com.typesafe.config.Config;
import java.time.Duration;

/** The settings of a gateway under {@code rotunda.insights}. {@code reference.conf} explains each key. */
public record InsightsSettings(
        int socketsMax,
        int frameCharsMax,
        int eventsPerSecond,
        int eventsBurst,
        int queueEventsMax,
        long queueCharsMax,
        Duration closeGrace) {
    /** The smallest limit of a frame. The first frame contains an access token. */
    private static final int FRAME_CHARS_MIN = 32 * 1024;

    public InsightsSettings {
        require(socketsMax >= 0, "sockets-max must not be negative");
        require(frameCharsMax >= FRAME_CHARS_MIN, "frame-chars-max must be at least 32 KiB");
        require(eventsPerSecond >= 1, "events-per-second must be at least 1");
        require(eventsBurst >= 1, "events-burst must be at least 1");
        require(queueEventsMax >= 1, "queue-events-max must be at least 1");
        require(queueCharsMax >= frameCharsMax, "queue-chars-max must be at least frame-chars-max");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("rotunda.insights." + otherwise);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static InsightsSettings from(Config root) {
        Config insights = root.getConfig("rotunda.insights");
        return new InsightsSettings(
                insights.getInt("sockets-max"),
                Math.toIntExact(insights.getBytes("frame-chars-max")),
                insights.getInt("events-per-second"),
                insights.getInt("events-burst"),
                insights.getInt("queue-events-max"),
                insights.getBytes("queue-chars-max"),
                root.getDuration("rotunda.signaling.close-grace"));
    }
}
