package org.rotunda.node.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Set;

/**
 * The keys under {@code rotunda.drain}, read and checked once. {@code reference.conf} describes each key.
 *
 * @param timeMax the time limit of the drain of a node without the role media
 * @param mediaTimeMax the time limit of the drain of a node with the role media
 * @param permitWaitMax the longest time to wait until other nodes are empty
 * @param deregisterAfter the time for which a gateway that is drained goes on accepting clients
 */
public record DrainSettings(Duration timeMax, Duration mediaTimeMax, Duration permitWaitMax, Duration deregisterAfter) {
    /** The longest time limit. A supervisor that waits longer than that for the end of a process is rare. */
    public static final Duration TIME_MAX = Duration.ofHours(1);

    /** The shortest time limit. */
    public static final Duration TIME_MIN = Duration.ofSeconds(1);

    private static final Duration PERMIT_WAIT_MAX = Duration.ofMinutes(10);

    private static final Duration DEREGISTER_MAX = Duration.ofMinutes(1);

    public DrainSettings {
        require(timeMax, TIME_MIN, TIME_MAX, "rotunda.drain.time-max");
        require(mediaTimeMax, TIME_MIN, TIME_MAX, "rotunda.drain.media-time-max");
        require(permitWaitMax, Duration.ZERO, PERMIT_WAIT_MAX, "rotunda.drain.permit-wait-max");
        require(deregisterAfter, Duration.ZERO, DEREGISTER_MAX, "rotunda.drain.deregister-after");
    }

    static DrainSettings from(Config drain) {
        return new DrainSettings(
                drain.getDuration("time-max"),
                drain.getDuration("media-time-max"),
                drain.getDuration("permit-wait-max"),
                drain.getDuration("deregister-after"));
    }

    /** Returns the time limit for a node with these roles. */
    public Duration timeMaxOf(Set<NodeRole> roles) {
        return roles.contains(NodeRole.MEDIA) ? mediaTimeMax : timeMax;
    }

    private static void require(Duration value, Duration min, Duration max, String key) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(key + " must be from " + min.toSeconds() + " s to " + max.toSeconds()
                    + " s: " + value.toSeconds() + " s");
        }
    }
}
