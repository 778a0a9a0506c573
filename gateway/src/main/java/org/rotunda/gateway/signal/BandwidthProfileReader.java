package org.rotunda.gateway.signal;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;

/**
 * Reads {@code bandwidth_profile} of a connect. Words must be known and numbers must be numbers. A number may have any
 * value, because the SDK passes on what the application wrote: a limit of 0 or less means that there is no limit, and a
 * size of 0 or less means the lowest layer.
 */
final class BandwidthProfileReader {
    private BandwidthProfileReader() {}

    /** Returns the profile; null if the client sends none. A profile without a part for video is none. */
    static @Nullable BandwidthProfile read(JsonNode connect, JsonFields fields) {
        JsonNode profile = fields.optionalObject(connect, "bandwidth_profile");
        JsonNode video = profile == null ? null : fields.optionalObject(profile, "video");
        if (video == null) {
            return null;
        }
        JsonNode sizes = fields.optionalObject(video, "render_dimensions");
        return new BandwidthProfile(
                mode(fields.optionalText(video, "mode", SignalLimits.WORD_CHARS_MAX), fields),
                limit(fields.number(video, "max_subscription_bandwidth", 0), BandwidthProfile.BITRATE_LIMIT_MAX),
                fields.priority(video, "active_speaker_priority"),
                switchOff(fields.optionalText(video, "track_switch_off", SignalLimits.WORD_CHARS_MAX), fields),
                (int) limit(fields.number(video, "max_tracks", 0), Integer.MAX_VALUE),
                size(sizes, "low", TrackPriority.LOW, fields),
                size(sizes, "standard", TrackPriority.STANDARD, fields),
                size(sizes, "high", TrackPriority.HIGH, fields));
    }

    /** Returns the whole number nearest to a limit, within its range. A limit above 0 never becomes 0. */
    private static long limit(double value, long max) {
        return value > 0 ? Math.min(Math.max(1, Math.round(value)), max) : 0;
    }

    private static BandwidthProfile.Mode mode(@Nullable String word, JsonFields fields) {
        if (word == null) {
            return BandwidthProfile.DEFAULT.mode();
        }
        return switch (word) {
            case "grid" -> BandwidthProfile.Mode.GRID;
            case "collaboration" -> BandwidthProfile.Mode.COLLABORATION;
            case "presentation" -> BandwidthProfile.Mode.PRESENTATION;
            default -> {
                fields.fail(Malformed.FIELD_INVALID);
                yield BandwidthProfile.DEFAULT.mode();
            }
        };
    }

    private static BandwidthProfile.SwitchOff switchOff(@Nullable String word, JsonFields fields) {
        if (word == null) {
            return BandwidthProfile.DEFAULT.switchOff();
        }
        return switch (word) {
            case "predicted" -> BandwidthProfile.SwitchOff.PREDICTED;
            case "detected" -> BandwidthProfile.SwitchOff.DETECTED;
            case "disabled" -> BandwidthProfile.SwitchOff.DISABLED;
            default -> {
                fields.fail(Malformed.FIELD_INVALID);
                yield BandwidthProfile.DEFAULT.switchOff();
            }
        };
    }

    private static PictureSize size(@Nullable JsonNode sizes, String key, TrackPriority priority, JsonFields fields) {
        PictureSize byDefault = BandwidthProfile.DEFAULT.sizeOf(priority);
        JsonNode size = sizes == null ? null : fields.optionalObject(sizes, key);
        return size == null
                ? byDefault
                : PictureSize.bounded(
                        fields.number(size, "width", byDefault.width()),
                        fields.number(size, "height", byDefault.height()));
    }
}
