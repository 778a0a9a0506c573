package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of media signaling and the bandwidth profile that a client asks for when it connects.
 *
 * @param channels the names of the channels, for instance {@link #RENDER_HINTS}
 * @param profile the bandwidth profile; null for a client that has none
 */
public record MediaSignals(List<String> channels, @Nullable Profile profile) {
    public static final String ACTIVE_SPEAKER = "active_speaker";
    public static final String NETWORK_QUALITY = "network_quality";
    public static final String PUBLISHER_HINTS = "publisher_hints";
    public static final String RENDER_HINTS = "render_hints";
    public static final String TRACK_PRIORITY = "track_priority";
    public static final String TRACK_SWITCH_OFF = "track_switch_off";

    public static final MediaSignals NONE = new MediaSignals(List.of(), null);

    /** The channels of a client with a bandwidth profile, with the profile's defaults. */
    public static final MediaSignals SUBSCRIBER =
            new MediaSignals(List.of(RENDER_HINTS, TRACK_PRIORITY, TRACK_SWITCH_OFF), new Profile("grid", 0));

    /**
     * The bandwidth profile of a client.
     *
     * @param mode {@code grid}, {@code collaboration} or {@code presentation}
     * @param bitrateMaxBps the highest bit rate of all received tracks together; 0 for no limit
     */
    public record Profile(String mode, long bitrateMaxBps) {}

    public MediaSignals {
        channels = List.copyOf(channels);
    }

    public MediaSignals withProfile(Profile next) {
        return new MediaSignals(channels, next);
    }

    /** Adds the request to the body of a {@code connect} message. */
    void addTo(ObjectNode connect) {
        ObjectNode wanted = connect.putObject("media_signaling");
        for (String channel : channels) {
            wanted.putObject(channel).putArray("transports").addObject().put("type", "data-channel");
        }
        Profile asked = profile;
        if (asked != null) {
            ObjectNode video =
                    connect.putObject("bandwidth_profile").putObject("video").put("mode", asked.mode());
            if (asked.bitrateMaxBps() > 0) {
                video.put("max_subscription_bandwidth", asked.bitrateMaxBps());
            }
        }
    }
}
