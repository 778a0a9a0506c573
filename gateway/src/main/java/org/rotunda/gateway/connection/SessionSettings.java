package org.rotunda.gateway.connection;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The settings under {@code rotunda.signaling}, and {@code rotunda.region}. {@code reference.conf} explains each key.
 *
 * @param iceServers the servers of {@code rotunda.turn} too
 */
public record SessionSettings(
        String region,
        Duration heartbeat,
        Duration connectTimeout,
        Duration syncTimeout,
        Duration syncRepeat,
        Duration busyRetry,
        Duration awayRetry,
        Duration closeGrace,
        int queueFramesMax,
        int queueCharsMax,
        int sessionsMax,
        int joinsWaitingMax,
        Duration joinTarget,
        ReceiveRate receive,
        IceServers iceServers) {
    /** The shortest interval between heartbeats. Clients send each heartbeat 200 ms early. */
    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(500);

    /**
     * The shortest pause after which a client that was sent away comes back. A shorter pause would collide with the
     * close handshake of the old socket.
     */
    private static final Duration AWAY_RETRY_MIN = Duration.ofMillis(500);

    public SessionSettings {
        require(!region.isEmpty(), "rotunda.region must not be empty");
        require(
                heartbeat.compareTo(HEARTBEAT_MIN) >= 0,
                "rotunda.signaling.heartbeat must be at least " + HEARTBEAT_MIN.toMillis() + " ms");
        require(isPositive(connectTimeout), "rotunda.signaling.connect-timeout must be positive");
        require(isPositive(syncTimeout), "rotunda.signaling.sync-timeout must be positive");
        require(isPositive(syncRepeat), "rotunda.signaling.sync-repeat must be positive");
        require(isPositive(busyRetry), "rotunda.signaling.busy-retry must be positive");
        require(
                awayRetry.compareTo(AWAY_RETRY_MIN) >= 0,
                "rotunda.signaling.away-retry must be at least " + AWAY_RETRY_MIN.toMillis() + " ms");
        require(isPositive(closeGrace), "rotunda.signaling.close-grace must be positive");
        require(queueFramesMax >= 8, "rotunda.signaling.queue-frames-max must be at least 8");
        require(queueCharsMax >= 1024, "rotunda.signaling.queue-chars-max must be at least 1 KiB");
        require(sessionsMax >= 1, "rotunda.signaling.sessions-max must be at least 1");
        require(joinsWaitingMax >= 0, "rotunda.signaling.joins-waiting-max must be at least 0");
        require(isPositive(joinTarget), "rotunda.signaling.join-target must be positive");
    }

    /** Reads the settings from the whole configuration of the node. */
    public static SessionSettings from(Config root) {
        Config signaling = root.getConfig("rotunda.signaling");
        return new SessionSettings(
                root.getString("rotunda.region"),
                signaling.getDuration("heartbeat"),
                signaling.getDuration("connect-timeout"),
                signaling.getDuration("sync-timeout"),
                signaling.getDuration("sync-repeat"),
                signaling.getDuration("busy-retry"),
                signaling.getDuration("away-retry"),
                signaling.getDuration("close-grace"),
                signaling.getInt("queue-frames-max"),
                Math.toIntExact(signaling.getBytes("queue-chars-max")),
                signaling.getInt("sessions-max"),
                signaling.getInt("joins-waiting-max"),
                signaling.getDuration("join-target"),
                ReceiveRate.from(signaling),
                IceServers.from(root));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
