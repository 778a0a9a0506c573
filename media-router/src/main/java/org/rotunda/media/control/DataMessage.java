package org.rotunda.media.control;

import java.util.Arrays;

/**
 * One message of a data channel towards a client.
 *
 * @param label of the channel
 * @param payload never changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // Its equality is by content, as defined here.
public record DataMessage(String label, boolean binary, byte[] payload) {
    /**
     * A generous allowance for what surrounds a message between nodes. Without it many small messages could exceed the
     * longest transmission.
     */
    public static final int OVERHEAD_BYTES = 64;

    private static final int CHAR_BYTES_MAX = 3; // The most that UTF-8 needs for one Java char.

    /** Returns the bytes that the message counts towards {@link MediaEvent#UNACKNOWLEDGED_BYTES_MAX}. */
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
