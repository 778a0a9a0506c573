package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The secret with which a client resumes its session. Its form is {@code <RoomSid>.<ParticipantSid>.<128 random bits>},
 * so that any gateway can route a request without a look-up. Only the hash is journalled. The random bits are never
 * logged, because {@link #toString()} leaves them out.
 */
public record SessionId(@JsonValue String value) {
    private static final int SECRET_BYTES = 16;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SessionId {
        if (parse(value).isEmpty()) {
            throw new IllegalArgumentException("not a session id");
        }
    }

    /** Returns the text as a session id, or nothing if the text is no session id. */
    public static Optional<SessionId> of(String text) {
        return parse(text).isPresent() ? Optional.of(new SessionId(text)) : Optional.empty();
    }

    public static SessionId random(RoomSid room, ParticipantSid participant, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new SessionId(room + "." + participant + "." + HexFormat.of().formatHex(secret));
    }

    public RoomSid room() {
        return parse(value).orElseThrow().room();
    }

    public ParticipantSid participant() {
        return parse(value).orElseThrow().participant();
    }

    private static Optional<Parts> parse(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length == 3
                        && RoomSid.isValid(parts[0])
                        && ParticipantSid.isValid(parts[1])
                        && parts[2].length() == 2 * SECRET_BYTES
                ? Optional.of(new Parts(new RoomSid(parts[0]), new ParticipantSid(parts[1])))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return room() + "." + participant() + ".…";
    }

    private record Parts(RoomSid room, ParticipantSid participant) {}
}
