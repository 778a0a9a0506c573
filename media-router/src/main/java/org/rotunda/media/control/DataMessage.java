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
