package org.rotunda.room.signal;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The media-signaling channels that this server serves. */
public enum SignalChannel {
    /** Tells a client who of the others speaks. */
    ACTIVE_SPEAKER("active_speaker"),
    /** A client asks for the quality of its network, and gets one answer to each question. */
    NETWORK_QUALITY("network_quality"),
    /** Tells a publisher which of its encodings somebody watches. */
    PUBLISHER_HINTS("publisher_hints"),
    /** A subscriber says which tracks it shows, and at which size. */
    RENDER_HINTS("render_hints"),
    /** A subscriber gives tracks a priority of its own. */
    TRACK_PRIORITY("track_priority"),
    /** Tells a subscriber which of its video tracks are switched off. */
    TRACK_SWITCH_OFF("track_switch_off");

    /** The names of all channels in signaling messages. */
    public static final Set<String> NAMES =
            Arrays.stream(values()).map(SignalChannel::wireName).collect(Collectors.toUnmodifiableSet());

    private static final Map<String, SignalChannel> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(SignalChannel::wireName, Function.identity()));

    private final String wireName;

    SignalChannel(String wireName) {
        this.wireName = wireName;
    }

    /** The name in signaling messages, which is also the type of the channel's messages. */
    public String wireName() {
        return wireName;
    }

    /** Returns the channel of a name; null if this server does not serve it. */
    public static @Nullable SignalChannel of(String wireName) {
        return BY_NAME.get(wireName);
    }
}
