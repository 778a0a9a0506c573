package org.rotunda.room.protocol;

/**
 * The limits of what one client sends to a room, and of what a room holds. The gateway refuses anything larger. The
 * limits are chosen so that every message between nodes fits into one frame, whatever clients send: a message that is
 * too large would never arrive, and a room would repeat it for ever. {@code LargestRoomTest} builds the largest legal
 * room and writes every message.
 */
public final class ClientLimits {
    /**
     * The greatest length of a connection id or track id in UTF-16 units. The room copies both into the desired state
     * of every subscriber. Clients use UUIDs; RFC 8830 allows 64 characters in the parts of an msid.
     */
    public static final int ID_CHARS_MAX = 128;

    /** The greatest length of a track's name in UTF-16 units, as clients count. */
    public static final int TRACK_NAME_CHARS_MAX = 128;

    /** The most tracks that one participant may list. The limit of tracks in a whole group room is lower. */
    public static final int TRACKS_MAX = 256;

    /** The most descriptions in one message. A message normally has one, and after a resume it has a few. */
    public static final int DESCRIPTIONS_MAX = 32;

    /**
     * The most bytes of all session descriptions in one message, in UTF-8. The session description for a big room has
     * several hundred thousand bytes.
     */
    public static final int DESCRIPTIONS_BYTES_MAX = 1024 * 1024;

    /** The most media-signaling channels in one connect. Only seven channels exist. */
    public static final int CHANNELS_MAX = 32;

    /** The greatest length of the name of a media-signaling channel in UTF-16 units. The longest has 17 units. */
    public static final int CHANNEL_NAME_CHARS_MAX = 64;

    /** The greatest value to which the number of participants in a room may be limited. */
    public static final int ROOM_PARTICIPANTS_MAX = 1000;

    /** The most tracks in any room, also in rooms of a type for which the public API names no limit. */
    public static final int ROOM_TRACKS_MAX = 512;

    private ClientLimits() {}

    /** Returns the number of bytes of a text in UTF-8. A lone surrogate counts as three bytes. */
    public static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                bytes++;
            } else if (unit < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
