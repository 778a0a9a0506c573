package org.rotunda.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the JSON of the REST API. All keys are written; absent values are null. */
public final class Json {
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writer();
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter RFC_2822_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static String write(JsonNode node) {
        try {
            return WRITER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    /** Writes a moment in ISO 8601, in UTC, without a fraction of the second. */
    static @Nullable String date(@Nullable Instant instant) {
        return instant == null ? null : DATE.format(instant);
    }

    /** Writes a moment in the form of RFC 2822, in UTC. The resources of accounts and keys have this form. */
    static String rfc2822Date(Instant instant) {
        return RFC_2822_DATE.format(instant);
    }

    /**
     * Returns the seconds between two moments, or null if there is no end yet. Fractions of both moments are ignored,
     * because the API does not show them.
     */
    static @Nullable Integer seconds(Instant from, @Nullable Instant to) {
        return to == null
                ? null
                : (int) from.truncatedTo(ChronoUnit.SECONDS)
                        .until(to.truncatedTo(ChronoUnit.SECONDS), ChronoUnit.SECONDS);
    }

    /** Checks that a parameter, if it is there, is the text of one JSON object. */
    static void requireObject(Parameters form, String name) {
        String text = form.text(name);
        if (text == null) {
            return;
        }
        try {
            if (READER.readTree(text).isObject()) {
                return;
            }
        } catch (JsonProcessingException notJson) {
            throw ApiFault.invalid(name);
        }
        throw ApiFault.invalid(name);
    }

    public static ObjectNode error(ApiFault fault) {
        return object().put("code", fault.code())
                .put("message", fault.message())
                .put("more_info", "https://www.twilio.com/docs/errors/" + fault.code())
                .put("status", fault.status());
    }
}
