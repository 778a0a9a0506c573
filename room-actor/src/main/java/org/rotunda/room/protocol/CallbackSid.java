package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The SID of one status callback. The public API has no such SIDs; the prefix is ours. */
public record CallbackSid(@JsonValue String value) {
    public static final String PREFIX = "SC";

    /** The positions in the hex digits of a SID before which a GUID has a dash. */
    private static final int[] DASHES = {8, 12, 16, 20};

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CallbackSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Returns whether the text has the form of a callback SID. Hex digits must be lower-case. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    /**
     * Returns the SID of the callback with this number in this room. The SID follows from the two, so it is the same if
     * the callback is made again after its transaction was rolled back.
     */
    public static CallbackSid of(RoomSid room, long sequenceNumber) {
        String name = room.value() + "/" + sequenceNumber;
        UUID hash = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII));
        return new CallbackSid(PREFIX + hash.toString().replace("-", ""));
    }

    /**
     * Returns the idempotency token of the callback, which has the form of a GUID. It is the same for every attempt, so
     * a receiver recognises a callback that it already has.
     */
    public String idempotencyToken() {
        StringBuilder token = new StringBuilder(value.substring(PREFIX.length()));
        for (int i = DASHES.length - 1; i >= 0; i--) {
            token.insert(DASHES[i], '-');
        }
        return token.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
