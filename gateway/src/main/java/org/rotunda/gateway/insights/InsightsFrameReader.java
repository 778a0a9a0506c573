package org.rotunda.gateway.insights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StorableText;

/** Reads the frames of insights sockets. Skips unknown fields. Never throws; of a bad frame it returns the fault. */
final class InsightsFrameReader {
    static final int GROUP_CHARS_MAX = 64;
    static final int NAME_CHARS_MAX = 128;
    static final int LEVEL_CHARS_MAX = 16;
    static final int TOKEN_CHARS_MAX = 16 * 1024;
    static final int PUBLISHER_CHARS_MAX = 8 * 1024;
    private static final int NESTING_MAX = 32;
    private static final int NUMBER_CHARS_MAX = 64;

    /** The end of the year 9999. */
    private static final long TIME_MAX = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .maxNumberLength(NUMBER_CHARS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // So every text can be stored: what the database cannot keep becomes an escape sequence.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    private static final ObjectReader JSON = MAPPER.reader();
    private static final ObjectWriter ASCII = MAPPER.writer();

    private InsightsFrameReader() {}

    /** A frame, or the fault of the text. Exactly one of the two is null. */
    record Read(@Nullable InsightsFrame frame, @Nullable InsightsFault fault) {
        static Read of(InsightsFrame frame) {
            return new Read(frame, null);
        }

        static Read of(InsightsFault fault) {
            return new Read(null, fault);
        }
    }

    static Read read(String text, int charsMax) {
        if (text.length() > charsMax) {
            return Read.of(InsightsFault.TOO_LARGE);
        }
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                return Read.of(InsightsFault.NOT_JSON);
            }
            return switch (root.path("type").asText()) {
                case "connect" -> connect(root);
                case "event" -> event(root);
                default -> Read.of(InsightsFault.TYPE_UNKNOWN);
            };
        } catch (JsonProcessingException notJson) {
            return Read.of(InsightsFault.NOT_JSON);
        }
    }

    private static Read connect(JsonNode root) throws JsonProcessingException {
        JsonNode publisher = root.path("publisher");
        String token = text(root, "token", TOKEN_CHARS_MAX);
        String room = publisher.path("roomSid").asText();
        String participant = publisher.path("participantSid").asText();
        if (token == null || !publisher.isObject() || !RoomSid.isValid(room) || !ParticipantSid.isValid(participant)) {
            return Read.of(InsightsFault.FIELD_INVALID);
        }
        String about = ASCII.writeValueAsString(publisher);
        return about.length() > PUBLISHER_CHARS_MAX
                ? Read.of(InsightsFault.FIELD_INVALID)
                : Read.of(new InsightsFrame.Connect(token, new RoomSid(room), new ParticipantSid(participant), about));
    }

    private static Read event(JsonNode root) throws JsonProcessingException {
        String group = text(root, "group", GROUP_CHARS_MAX);
        String name = text(root, "name", NAME_CHARS_MAX);
        JsonNode timestamp = root.path("timestamp");
        JsonNode payload = root.path("payload");
        boolean hasPayload = payload.isObject();
        if (group == null
                || name == null
                || !timestamp.isIntegralNumber()
                || !timestamp.canConvertToLong()
                || timestamp.asLong() < 0
                || timestamp.asLong() > TIME_MAX
                || !(hasPayload || payload.isMissingNode() || payload.isNull())) {
            return Read.of(InsightsFault.FIELD_INVALID);
        }
        String level = hasPayload ? text(payload, "level", LEVEL_CHARS_MAX) : null;
        return Read.of(new InsightsFrame.Event(
                group,
                name,
                level == null ? "" : level,
                Instant.ofEpochMilli(timestamp.asLong()),
                hasPayload ? ASCII.writeValueAsString(payload) : "{}"));
    }

    /** Returns a text of at least one character that can be stored; null if the field has none. */
    private static @Nullable String text(JsonNode object, String field, int charsMax) {
        JsonNode value = object.path(field);
        String text = value.isTextual() ? value.asText() : "";
        return text.isEmpty() || text.length() > charsMax || !StorableText.isStorable(text) ? null : text;
    }
}
