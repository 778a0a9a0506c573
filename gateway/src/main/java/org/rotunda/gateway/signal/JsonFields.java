package org.rotunda.gateway.signal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of untrusted JSON. The first fault sticks and everything read after it is a harmless default, so that callers read
 * on and ask once at the end.
 */
final class JsonFields {
    private @Nullable Malformed fault;

    @Nullable
    Malformed fault() {
        return fault;
    }

    boolean isFaulty() {
        return fault != null;
    }

    void fail(Malformed reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    String text(JsonNode parent, String field, int lengthMax) {
        String text = optionalText(parent, field, lengthMax);
        if (text == null) {
            fail(Malformed.FIELD_MISSING);
            return "";
        }
        return text;
    }

    @Nullable
    String optionalText(JsonNode parent, String field, int lengthMax) {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.textValue().length() > lengthMax) {
            fail(Malformed.FIELD_INVALID);
            return null;
        }
        return value.textValue();
    }

    /** A counter: a whole number from 0 up. */
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

    /** The object, or nothing; an empty one stands in for a fault. */
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

    /** The elements of a list, each an object; empty when the list is absent. */
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
