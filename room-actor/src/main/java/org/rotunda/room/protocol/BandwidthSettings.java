package org.rotunda.room.protocol;

import com.typesafe.config.Config;

/**
 * The settings under {@code rotunda.rooms} that concern what subscribers are sent. {@code reference.conf} describes each
 * key.
 *
 * @param subscriptionBitrateMax the greatest bit rate of all video to one subscriber, in bit/s
 * @param loudestAudio the number of audio tracks that are sent in a large room; 0 to send all of them
 * @param throttlesPublishers true if a publisher without simulcast is throttled to its weakest subscriber; false if that
 *     subscriber does not get the track
 */
public record BandwidthSettings(long subscriptionBitrateMax, int loudestAudio, boolean throttlesPublishers) {
    /** The greatest number of audio tracks that can be chosen. With more of them a choice has no use. */
    public static final int LOUDEST_AUDIO_MAX = 50;

    public BandwidthSettings {
        if (subscriptionBitrateMax < 1) {
            throw new IllegalArgumentException(
                    "rotunda.rooms.subscription-bitrate-max must be at least 1: " + subscriptionBitrateMax);
        }
        if (loudestAudio < 0 || loudestAudio > LOUDEST_AUDIO_MAX) {
            throw new IllegalArgumentException(
                    "rotunda.rooms.loudest-audio must be from 0 to " + LOUDEST_AUDIO_MAX + ": " + loudestAudio);
        }
    }

    static BandwidthSettings from(Config rooms) {
        return new BandwidthSettings(
                rooms.getLong("subscription-bitrate-max"),
                rooms.getInt("loudest-audio"),
                rooms.getBoolean("throttle-publishers"));
    }
}
