package org.rotunda.gateway.signal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.StorableText;
import org.rotunda.room.protocol.TrackPriority;

/**
 * Reads fields of untrusted JSON. Refuses every text that breaks the rule of {@link StorableText}. Keeps the first
 * fault and returns a harmless default for an invalid field, so callers can read all fields and ask for the fault once
 * at the end.
 */
final class JsonFields {
    private @Nullable Malformed fault;

    @Nullable
    Malformed fault() {
        return fault;
    }

    void fail(Malformed reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    String text(JsonNode parent, String field, int lengthMax) {
        return present(optionalText(parent, field, lengthMax));
    }

    private String present(@Nullable String read) {
        if (read == null) {
            fail(Malformed.FIELD_MISSING);
            return "";
        }
        return read;
    }

    @Nullable
    String optionalText(JsonNode parent, String field, int lengthMax) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()
                || value.textValue().length() > lengthMax
                || !StorableText.isStorable(value.textValue())) {
            fail(Malformed.FIELD_INVALID);
            return null;
        }
        return value.textValue();
    }

    String name(JsonNode parent, String field, int lengthMax) {
        return present(optionalName(parent, field, lengthMax));
    }

    /**
     * Reads a name. Invalid characters in a name do not make the frame malformed, because the refusal of a name has its
     * own code. A name that cannot be stored is read as {@link StorableText#REPLACEMENT}, which every rule for names
     * refuses.
     */
    @Nullable
    String optionalName(JsonNode parent, String field, int lengthMax) {
        JsonNode value = parent.get(field);
        return value != null && value.isTextual() && !StorableText.isStorable(value.textValue())
                ? StorableText.REPLACEMENT
                : optionalText(parent, field, lengthMax);
    }

    /** Returns the names of all fields of an object. */
    Set<String> keys(JsonNode object, int lengthMax) {
        Set<String> keys = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        if (!keys.stream().allMatch(key -> key.length() <= lengthMax && StorableText.isStorable(key))) {
            fail(Malformed.FIELD_INVALID);
            return Set.of();
        }
        return keys;
    }

    /** Reads the field {@code revision}, which must be a whole number of at least 0. */
    long revision(JsonNode parent) {
        JsonNode value = parent.get("revision");
        if (value == null) {
            fail(Malformed.FIELD_MISSING);
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            fail(Malformed.FIELD_INVALID);
            return 0;
        }
        return value.longValue();
    }

    /** Reads a number of any value. An absent number and a null have the given value. */
    double number(JsonNode parent, String field, double whenAbsent) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return whenAbsent;
        }
        if (!value.isNumber()) {
            fail(Malformed.FIELD_INVALID);
            return whenAbsent;
        }
        return value.doubleValue();
    }

    /** Reads the priority of a track. An absent priority is standard. */
    TrackPriority priority(JsonNode parent, String field) {
        String word = optionalText(parent, field, SignalLimits.WORD_CHARS_MAX);
        if (word == null) {
            return TrackPriority.STANDARD;
        }
        return switch (word) {
            case "low" -> TrackPriority.LOW;
            case "standard" -> TrackPriority.STANDARD;
            case "high" -> TrackPriority.HIGH;
            default -> {
                fail(Malformed.FIELD_INVALID);
                yield TrackPriority.STANDARD;
            }
        };
    }

    boolean flag(JsonNode parent, String field, boolean whenAbsent) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return whenAbsent;
        }
        if (!value.isBoolean()) {
            fail(Malformed.FIELD_INVALID);
        }
        return value.booleanValue();
    }

    /** Reads an object. Returns null if the field is absent or is not an object. */
    @Nullable
    JsonNode optionalObject(JsonNode parent, String field) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            fail(Malformed.FIELD_INVALID);
            return null;
        }
        return value;
    }

    /** Reads a list of objects. Returns an empty list if the field is absent or invalid. */
    Iterable<JsonNode> objects(JsonNode parent, String field, int sizeMax) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            fail(Malformed.FIELD_INVALID);
            return List.of();
        }
        if (value.size() > sizeMax) {
            fail(Malformed.LIST_TOO_LONG);
            return List.of();
        }
        for (JsonNode element : value) {
            if (!element.isObject()) {
                fail(Malformed.FIELD_INVALID);
                return List.of();
            }
        }
        return value;
    }
}
