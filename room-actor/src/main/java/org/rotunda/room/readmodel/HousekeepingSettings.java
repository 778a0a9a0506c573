package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import java.time.Duration;
import org.rotunda.room.protocol.Settings;

/** The settings under {@code rotunda.housekeeping}. {@code reference.conf} describes each key. */
public record HousekeepingSettings(
        Duration journalKeep,
        Duration roomsKeep,
        Duration participantsKeep,
        Duration insightsKeep,
        Duration interval,
        Duration firstAfter,
        int batch,
        int runMax) {
    public HousekeepingSettings {
        if (journalKeep.isNegative() || participantsKeep.isNegative() || firstAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "rotunda.housekeeping: journal-keep, participants-keep and first-after must" + " not be negative: "
                            + journalKeep + ", " + participantsKeep + ", " + firstAfter);
        }
        if (roomsKeep.compareTo(journalKeep) < 0 || roomsKeep.compareTo(participantsKeep) < 0) {
            throw new IllegalArgumentException(
                    "rotunda.housekeeping.rooms-keep must not be shorter than journal-keep and"
                            + " participants-keep, which are found through it: " + roomsKeep);
        }
        if (insightsKeep.isNegative()) {
            throw new IllegalArgumentException(
                    "rotunda.housekeeping.insights-keep must not be negative: " + insightsKeep);
        }
        Settings.requirePositive("rotunda.housekeeping.interval", interval);
        if (batch < 1 || runMax < batch) {
            throw new IllegalArgumentException(
                    "rotunda.housekeeping: batch must be positive and run-max not smaller: " + batch + ", " + runMax);
        }
    }

    /** Reads the settings from the {@code rotunda} section. */
    public static HousekeepingSettings from(Config rotunda) {
        Config housekeeping = rotunda.getConfig("housekeeping");
        return new HousekeepingSettings(
                housekeeping.getDuration("journal-keep"),
                housekeeping.getDuration("rooms-keep"),
                housekeeping.getDuration("participants-keep"),
                housekeeping.getDuration("insights-keep"),
                housekeeping.getDuration("interval"),
                housekeeping.getDuration("first-after"),
                housekeeping.getInt("batch"),
                housekeeping.getInt("run-max"));
    }
}
