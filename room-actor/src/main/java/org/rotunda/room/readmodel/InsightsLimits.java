package org.rotunda.room.readmodel;

import com.typesafe.config.Config;

/**
 * The greatest numbers of stored reports of clients, under {@code rotunda.insights}. {@code reference.conf} explains
 * each key.
 *
 * @param roomEventsMax the events of one room
 * @param accountEventsMax the events of all rooms of one account
 */
public record InsightsLimits(long roomEventsMax, long accountEventsMax) {
    public InsightsLimits {
        if (roomEventsMax < 0 || accountEventsMax < 0) {
            throw new IllegalArgumentException(
                    "rotunda.insights: room-events-max and account-events-max must not be negative: " + roomEventsMax
                            + ", " + accountEventsMax);
        }
    }

    /** Reads the limits from the {@code rotunda} section. */
    public static InsightsLimits from(Config rotunda) {
        Config insights = rotunda.getConfig("insights");
        return new InsightsLimits(insights.getLong("room-events-max"), insights.getLong("account-events-max"));
    }
}
