package org.rotunda.room.pair;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.rotunda.room.protocol.ParticipantSid;

/**
 * The name of a pair of participants, and the ids of the connections between them. An id has the form of a UUID. Its
 * first half is a hash of the two SIDs, its second half the number of the connection. So a later owner of the room sees
 * in an id which pair and which connection it belongs to, although no id is journalled.
 */
public record PairName(long hash) {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Returns the name of a pair. The order of the two participants does not matter. */
    public static PairName of(ParticipantSid one, ParticipantSid other) {
        boolean inOrder = one.value().compareTo(other.value()) < 0;
        String text = (inOrder ? one : other).value() + "/" + (inOrder ? other : one).value();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return new PairName(ByteBuffer.wrap(digest).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the id of the pair's connection with this number. */
    public String connectionId(long number) {
        return new UUID(hash, number).toString();
    }

    /** Returns the number of a connection of this pair; empty if the id belongs to something else. */
    public OptionalLong numberOf(String connectionId) {
        if (!UUID_FORM.matcher(connectionId).matches()) {
            return OptionalLong.empty();
        }
        UUID id = UUID.fromString(connectionId);
        return id.getMostSignificantBits() == hash
                ? OptionalLong.of(id.getLeastSignificantBits())
                : OptionalLong.empty();
    }
}
