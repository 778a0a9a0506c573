package org.rotunda.room.protocol;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.rotunda.media.control.VideoCodec;

/**
 * The settings under {@code rotunda.rooms}, and {@code rotunda.region}. {@code reference.conf} describes each key.
 *
 * @param adHoc the properties of a room that a connect creates
 * @param recordingSimulated true if rooms may be told to record and announce it to their clients, although nothing is
 *     recorded
 * @param bandwidth what subscribers are sent
 */
public record RoomSettings(
        Duration sessionTimeout,
        Duration roomAgeMax,
        Duration adHocJoinTimeout,
        Duration askTimeout,
        Duration desiredResend,
        int desiredResendsMax,
        Duration passivateAfter,
        int snapshotEvery,
        int snapshotsKept,
        Duration restartBackoffMin,
        Duration restartBackoffMax,
        RoomProperties adHoc,
        boolean recordingSimulated,
        BandwidthSettings bandwidth) {
    public RoomSettings {
        Settings.requirePositive("rotunda.rooms.session-timeout", sessionTimeout);
        Settings.requirePositive("rotunda.rooms.age-max", roomAgeMax);
        Settings.requirePositive("rotunda.rooms.ad-hoc-join-timeout", adHocJoinTimeout);
        Settings.requirePositive("rotunda.rooms.ask-timeout", askTimeout);
        Settings.requirePositive("rotunda.rooms.desired-resend", desiredResend);
        Settings.requirePositive("rotunda.rooms.passivate-after", passivateAfter);
        Settings.requirePositive("rotunda.rooms.restart-backoff-min", restartBackoffMin);
        Settings.requirePositive("rotunda.rooms.restart-backoff-max", restartBackoffMax);
        if (desiredResendsMax < 1 || snapshotEvery < 1 || snapshotsKept < 1) {
            throw new IllegalArgumentException("rotunda.rooms: desired-resends-max, snapshot-every and snapshots-kept"
                    + " must be at least 1: " + desiredResendsMax + ", " + snapshotEvery + ", " + snapshotsKept);
        }
        if (adHoc.participantsMax() < 1 || adHoc.participantsMax() > ClientLimits.ROOM_PARTICIPANTS_MAX) {
            throw new IllegalArgumentException("rotunda.rooms.default.participants-max must be from 1 to "
                    + ClientLimits.ROOM_PARTICIPANTS_MAX + ": " + adHoc.participantsMax());
        }
        if (adHoc.audioOnly() && adHoc.type() != RoomType.GROUP) {
            throw new IllegalArgumentException("rotunda.rooms.default.audio-only is only for rooms of the type group: "
                    + adHoc.type().wireName());
        }
    }

    /** Reads the settings from the {@code rotunda} section. */
    public static RoomSettings from(Config rotunda) {
        Config rooms = rotunda.getConfig("rooms");
        return new RoomSettings(
                rooms.getDuration("session-timeout"),
                rooms.getDuration("age-max"),
                rooms.getDuration("ad-hoc-join-timeout"),
                rooms.getDuration("ask-timeout"),
                rooms.getDuration("desired-resend"),
                rooms.getInt("desired-resends-max"),
                rooms.getDuration("passivate-after"),
                rooms.getInt("snapshot-every"),
                rooms.getInt("snapshots-kept"),
                rooms.getDuration("restart-backoff-min"),
                rooms.getDuration("restart-backoff-max"),
                adHoc(rooms.getConfig("default"), rotunda.getString("region")),
                rooms.getBoolean("simulate-recording"),
                BandwidthSettings.from(rooms));
    }

    private static RoomProperties adHoc(Config defaults, String region) {
        boolean audioOnly = defaults.getBoolean("audio-only");
        RoomType type = RoomType.valueOf(constant(defaults.getString("type")));
        int participantsMax = defaults.getInt("participants-max");
        return new RoomProperties(
                type,
                type == RoomType.GROUP ? participantsMax : Math.min(participantsMax, type.participantsMax()),
                Math.toIntExact(defaults.getDuration("participant-duration-max").toSeconds()),
                0,
                0,
                false,
                audioOnly
                        ? List.of()
                        : defaults.getStringList("video-codecs").stream()
                                .map(codec -> VideoCodec.valueOf(constant(codec)))
                                .toList(),
                type.hasMediaServer() ? region : "",
                audioOnly,
                false,
                null,
                "POST");
    }

    private static String constant(String text) {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
