package org.rotunda.room.signal;

import org.rotunda.room.protocol.ClientLimits;

/** The limits of messages from clients on media-signaling channels. A message beyond a limit is dropped and counted. */
final class SignalLimits {
    /** The maximum length of a message in UTF-16 units. Media nodes pass on no message of more than 64 KiB. */
    static final int TEXT_CHARS_MAX = 64 * 1024;

    /** The deepest nesting of JSON. Real messages have six levels. */
    static final int NESTING_MAX = 16;

    /** The maximum length of a number in characters. */
    static final int NUMBER_CHARS_MAX = 64;

    /** The maximum number of hints, or of results, in a message. No room has more tracks. */
    static final int HINTS_MAX = ClientLimits.ROOM_TRACKS_MAX;

    private SignalLimits() {}
}
