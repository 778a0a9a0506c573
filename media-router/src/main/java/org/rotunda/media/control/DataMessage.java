package org.rotunda.media.control;

import java.util.Arrays;

/**
 * One message of a data channel towards a client.
 *
 * @param label of the channel
 * @param payload never changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // Equal by content, as defined here.
public record DataMessage(String label, boolean binary, byte[] payload) {
    /** What surrounds a message between nodes, generously; so that many small ones do not grow beyond what can cross. */
    public static final int OVERHEAD_BYTES = 64;

    private static final int CHAR_BYTES_MAX = 3; // UTF-8, of a char of Java's.

    /** What it counts towards {@link MediaEvent#UNACKNOWLEDGED_BYTES_MAX}. */
    public int chargedBytes() {
        return OVERHEAD_BYTES + CHAR_BYTES_MAX * label.length() + payload.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DataMessage message
                && label.equals(message.label)
                && binary == message.binary
                && Arrays.equals(payload, message.payload);
    }

    @Override
    public int hashCode() {
        return 31 * label.hashCode() + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "DataMessage[" + label + ", " + payload.length + " bytes]";
    }
}
