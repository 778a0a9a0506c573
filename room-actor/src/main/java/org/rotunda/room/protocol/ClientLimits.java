package org.rotunda.room.protocol;

/**
 * The limits of what one client sends to a room, and of what a room holds. The gateway refuses larger input. With these
 * limits every message between nodes fits into one frame, whatever clients send. A larger message would never arrive,
 * and the room would repeat it for ever. {@code LargestRoomTest} builds the largest legal room and writes every
 * message.
 */
public final class ClientLimits {
    /**
     * The maximum length of a connection id or track id in UTF-16 units. The room copies both kinds of ids into the
     * desired state of every subscriber. Clients use UUIDs, which have 36 units. RFC 8830 allows 64 characters in each
     * part of an msid.
     */
    public static final int ID_CHARS_MAX = 128;

    /** The maximum length of a track's name in UTF-16 units, the unit in which clients count. */
    public static final int TRACK_NAME_CHARS_MAX = 128;

    /** The maximum number of tracks that one participant may list. A group room as a whole has a lower limit. */
    public static final int TRACKS_MAX = 256;

    /**
     * The maximum number of descriptions in one message. A message normally has one description. After a resume it has
     * a few.
     */
    public static final int DESCRIPTIONS_MAX = 32;

    /**
     * The maximum size of all session descriptions in one message, in bytes of UTF-8. The session description for a big
     * room has several hundred thousand bytes.
     */
    public static final int DESCRIPTIONS_BYTES_MAX = 1024 * 1024;

    /**
     * The maximum size of one session description in a room without a media server, in bytes of UTF-8. The room keeps
     * the latest description of both sides of each pair, and a resuming client gets those of all its pairs in one
     * message. A video m-line of a browser has about 3,000 bytes.
     */
    public static final int PEER_DESCRIPTION_BYTES_MAX = 96 * 1024;

    /**
     * The maximum number of candidates that are kept for one side of a connection and one ufrag. A browser with four
     * network interfaces, STUN and TURN has about 20.
     */
    public static final int CANDIDATES_MAX = 64;

    /** The maximum size of the candidates that are kept for one side of a connection and one ufrag, in bytes. */
    public static final int CANDIDATE_LIST_BYTES_MAX = 24 * 1024;

    /** The maximum size of all candidates in one message of a client, in bytes. */
    public static final int CANDIDATES_BYTES_MAX = 256 * 1024;

    /** The maximum length of the text of a candidate in UTF-16 units. Browsers write at most about 250. */
    public static final int CANDIDATE_CHARS_MAX = 512;

    /** The maximum length of an ufrag in UTF-16 units. RFC 8839 allows 256 characters. */
    public static final int UFRAG_CHARS_MAX = 256;

    /** The maximum number of media-signaling channels in one connect. Only seven kinds of channel exist. */
    public static final int CHANNELS_MAX = 32;

    /**
     * The maximum length of the name of a media-signaling channel in UTF-16 units. The longest existing name has 17
     * units.
     */
    public static final int CHANNEL_NAME_CHARS_MAX = 64;

    /** The highest value that a room's limit of participants can have. */
    public static final int ROOM_PARTICIPANTS_MAX = 1000;

    /** The maximum number of tracks in a room of any type, even of a type for which the public API names no limit. */
    public static final int ROOM_TRACKS_MAX = 512;

    private ClientLimits() {}

    /** Returns the number of bytes that a text has in UTF-8. A lone surrogate counts as three bytes. */
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
