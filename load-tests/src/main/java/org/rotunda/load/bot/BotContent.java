package org.rotunda.load.bot;

import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.source.ClipVideo;
import org.rotunda.load.bot.source.Speech;
import org.rotunda.load.bot.source.SyntheticVideo;
import org.rotunda.load.bot.source.VideoSource;

/**
 * The media that all bots of a fleet share, and the clocks of the fleet.
 *
 * @param unixMinusMonotonicNanos the nanoseconds to add to {@link System#nanoTime} to get the time since 1970
 */
record BotContent(
        ClipVideo clip,
        SyntheticVideo simulcast,
        SyntheticVideo single,
        Speech speech,
        long fleetStartNanos,
        long unixMinusMonotonicNanos) {

    static BotContent load() {
        long now = System.nanoTime();
        return new BotContent(
                ClipVideo.load(),
                SyntheticVideo.simulcast(),
                SyntheticVideo.single(),
                Speech.load(),
                now,
                System.currentTimeMillis() * 1_000_000L - now);
    }

    @Nullable
    VideoSource video(Publishing.Video kind) {
        return switch (kind) {
            case NONE -> null;
            case SINGLE -> single;
            case SIMULCAST -> simulcast;
            case CLIP -> clip;
        };
    }
}
