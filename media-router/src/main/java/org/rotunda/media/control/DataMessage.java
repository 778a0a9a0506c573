package org.rotunda.media.control;

import java.util.Arrays;

/**
 * One message of a data channel towards a client.
 *
 * @param label the label of the channel
 * @param payload the bytes of the message, which must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The equals method below compares the contents of the array.
public record DataMessage(String label, boolean binary, byte[] payload) {
    /**
     * A generous estimate of the number of bytes that the encoding of one data message adds to its payload and label.
     * Without this estimate, many small messages together could exceed the length limit of a message between nodes.
     */
    public static final int OVERHEAD_BYTES = 64;

    private static final int CHAR_BYTES_MAX = 3; // The maximum number of bytes of one Java char in UTF-8.

    /** Returns the number of bytes that this message counts towards {@link MediaEvent#UNACKNOWLEDGED_BYTES_MAX}. */
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
