package org.rotunda.media.control;

import java.util.Arrays;

/**
 * The audio levels of one received track since the last report. A track that was silent for the whole time is left out
 * of the report.
 *
 * @param participantSid the publisher
 * @param levels one byte for each 20 ms, oldest first, as in the audio-level header extension (RFC 6464 §3): the
 *     highest bit tells that the client takes the sound for a voice, and the other bits are the level in −dBov, where
 *     127 is silence. The array must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The equals method below compares the contents of the array.
public record TrackLevels(String participantSid, String trackSid, byte[] levels) {
    /** The level byte of silence, without a voice. */
    public static final byte SILENT = 127;

    /**
     * The maximum number of levels in one report. The router keeps only the newest levels if it could not report for
     * longer than a second.
     */
    public static final int LEVELS_MAX = 50;

    private static final int OVERHEAD_BYTES = 96; // A generous estimate of the encoded SIDs and lengths.

    /** Returns the number of bytes that this part counts towards {@link RoomReport#CHARGED_BYTES_MAX}. */
    public int chargedBytes() {
        return OVERHEAD_BYTES + levels.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrackLevels that
                && participantSid.equals(that.participantSid)
                && trackSid.equals(that.trackSid)
                && Arrays.equals(levels, that.levels);
    }

    @Override
    public int hashCode() {
        return 31 * trackSid.hashCode() + Arrays.hashCode(levels);
    }

    @Override
    public String toString() {
        return "TrackLevels[" + participantSid + ", " + trackSid + ", " + Arrays.toString(levels) + "]";
    }
}
