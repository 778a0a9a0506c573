package org.rotunda.room.nodewatch;

import com.typesafe.config.Config;
import java.time.Duration;
import org.rotunda.room.protocol.Settings;

/**
 * The keys {@code beat-interval} and {@code node-lost-after} under {@code rotunda.cluster}. {@code reference.conf}
 * describes each key.
 */
public record WatchSettings(Duration beatInterval, Duration lostAfter) {
    // The least value of lostAfter, in beat intervals. With a lower value, one late beat could make a node count as
    // lost.
    private static final int BEATS_MISSED_MIN = 3;

    public WatchSettings {
        Settings.requirePositive("rotunda.cluster.beat-interval", beatInterval);
        if (lostAfter.compareTo(beatInterval.multipliedBy(BEATS_MISSED_MIN)) < 0) {
            throw new IllegalArgumentException(
                    "rotunda.cluster.node-lost-after must be at least three times rotunda.cluster.beat-interval");
        }
    }

    public static WatchSettings from(Config rotunda) {
        return new WatchSettings(
                rotunda.getDuration("cluster.beat-interval"), rotunda.getDuration("cluster.node-lost-after"));
    }
}
