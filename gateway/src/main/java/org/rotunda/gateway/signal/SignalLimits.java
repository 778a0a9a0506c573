package org.rotunda.gateway.signal;

import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.TrackRule;

/**
 * The limits of signaling messages from clients, one for each kind of field. {@code docs/signaling.md} lists the
 * fields. A frame beyond a limit is malformed and ends its session, except where a comment here says otherwise. Fields
 * that reach the room have the limits of {@link ClientLimits}.
 */
public final class SignalLimits {
    /**
     * The greatest length of a frame in UTF-16 units. The session description for a big room has several hundred
     * thousand units.
     */
    public static final int FRAME_CHARS_MAX = 1024 * 1024;

    /** The deepest nesting of JSON. Real messages have seven levels. */
    static final int NESTING_MAX = 32;

    /** The greatest length of words such as types, kinds and priorities. The longest known word has 12 letters. */
    static final int WORD_CHARS_MAX = 64;

    /** The greatest length of an access token in UTF-16 units. */
    static final int TOKEN_CHARS_MAX = 16 * 1024;

    /** The greatest length of a session id. Our session ids have 101 characters. */
    static final int SESSION_CHARS_MAX = 256;

    /**
     * The greatest length of a name in UTF-16 units. A longer name makes its frame malformed. Names of rooms and tracks
     * also have a much lower limit. If a name exceeds only the lower limit, the client gets the error 53101 or 53302.
     */
    static final int NAME_CHARS_MAX = 16 * 1024;

    /** The maximum number of subscribe rules in a connect. Clients send one rule. */
    static final int RULES_MAX = TrackRule.RULES_MAX;

    /**
     * The maximum length of a list of ICE candidates. Of a longer list than {@link ClientLimits#CANDIDATES_MAX} only
     * the beginning goes to the room.
     */
    static final int CANDIDATES_READ_MAX = 1024;

    private SignalLimits() {}

    /**
     * Returns the track name in the form in which it goes to the room. A name that is too long is cut just above the
     * limit of the room, so that the room still refuses the track and the message stays small.
     */
    static String trackName(String name) {
        int end = ClientLimits.TRACK_NAME_CHARS_MAX + 1;
        if (name.length() <= end) {
            return name;
        }
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end + 1 : end);
    }
}
