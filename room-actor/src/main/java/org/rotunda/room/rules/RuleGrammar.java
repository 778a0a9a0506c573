package org.rotunda.room.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.StorableText;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;

/**
 * The grammar of rules in JSON, with one constant for each kind of rules. {@code docs/subscribe-rules.md} has the
 * grammar. Rules that break it in any point are refused as a whole.
 */
public enum RuleGrammar {
    SUBSCRIBE,

    /**
     * Recording rules. They have no filter for the priority and none for data tracks, which are never recorded. In them
     * {@code all} may also be the text {@code "true"}, which Twilio's own libraries have sent.
     */
    RECORDING;

    /** The nesting of rules: objects in a list. */
    private static final int NESTING_MAX = 2;

    /** Reads JSON strictly: an object that has a key twice, or text after the list, is an error. */
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** Reads the rules in a JSON text. Returns nothing if the text breaks the grammar. */
    public Optional<List<TrackRule>> read(String json) {
        try {
            return read(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Reads the rules in a JSON list. Returns nothing if the list breaks the grammar. */
    public Optional<List<TrackRule>> read(JsonNode list) {
        if (!list.isArray() || list.isEmpty() || list.size() > TrackRule.RULES_MAX) {
            return Optional.empty();
        }
        List<TrackRule> rules = new ArrayList<>();
        for (JsonNode each : list) {
            Fields fields = new Fields(this);
            each.properties().forEach(fields::read);
            TrackRule rule = fields.rule();
            if (rule == null) {
                return Optional.empty();
            }
            rules.add(rule);
        }
        return Optional.of(rules);
    }

    /** Writes rules as a JSON list. Each rule has only the fields that it uses. */
    public static ArrayNode write(List<TrackRule> rules) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (TrackRule rule : rules) {
            ObjectNode node = list.addObject().put("type", word(rule.type()));
            if (rule.all()) {
                node.put("all", true);
            }
            if (rule.kind() != null) {
                node.put("kind", word(rule.kind()));
            }
            if (rule.publisher() != null) {
                node.put("publisher", rule.publisher());
            }
            if (rule.track() != null) {
                node.put("track", rule.track());
            }
            if (rule.priority() != null) {
                node.put("priority", word(rule.priority()));
            }
        }
        return list;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The fields of one rule while it is read. */
    private static final class Fields {
        private final RuleGrammar grammar;
        private boolean valid = true;
        private TrackRule.@Nullable Type type;
        private boolean all;
        private @Nullable TrackKind kind;
        private @Nullable String publisher;
        private @Nullable String track;
        private @Nullable TrackPriority priority;

        private Fields(RuleGrammar grammar) {
            this.grammar = grammar;
        }

        private void read(Map.Entry<String, JsonNode> field) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "type" -> type = oneOf(TrackRule.Type.values(), value);
                case "all" -> all = isAbsent(value) ? all : readAll(value);
                case "kind" -> kind = isAbsent(value) ? null : readKind(value);
                case "publisher" -> publisher = isAbsent(value) ? null : text(value);
                case "track" -> track = isAbsent(value) ? null : text(value);
                case "priority" -> priority = isAbsent(value) ? null : readPriority(value);
                default -> valid = false;
            }
        }

        /**
         * Returns the rule; null if the fields make no valid rule. A rule has a type and a filter, and {@code all} is
         * its only filter if it is there.
         */
        private @Nullable TrackRule rule() {
            boolean filtered = kind != null || publisher != null || track != null || priority != null;
            TrackRule.Type effect = type;
            return valid && effect != null && all != filtered
                    ? new TrackRule(effect, all, kind, publisher, track, priority)
                    : null;
        }

        /** Returns whether a filter counts as absent. The REST API of Twilio shows unused filters as null. */
        private static boolean isAbsent(JsonNode value) {
            return value.isNull();
        }

        private boolean readAll(JsonNode value) {
            boolean isTrue =
                    value.isBoolean() ? value.booleanValue() : grammar == RECORDING && "true".equals(value.textValue());
            valid &= isTrue;
            return isTrue;
        }

        private @Nullable TrackKind readKind(JsonNode value) {
            TrackKind read = oneOf(TrackKind.values(), value);
            valid &= grammar != RECORDING || read != TrackKind.DATA;
            return read;
        }

        private @Nullable TrackPriority readPriority(JsonNode value) {
            valid &= grammar == SUBSCRIBE;
            return oneOf(TrackPriority.values(), value);
        }

        private @Nullable String text(JsonNode value) {
            String text = value.textValue();
            valid &= text != null
                    && !text.isEmpty()
                    && text.length() <= TrackRule.FILTER_CHARS_MAX
                    && StorableText.isStorable(text);
            return text;
        }

        private <T extends Enum<T>> @Nullable T oneOf(T[] constants, JsonNode value) {
            T found = Arrays.stream(constants)
                    .filter(each -> word(each).equals(value.textValue()))
                    .findFirst()
                    .orElse(null);
            valid &= found != null;
            return found;
        }
    }
}
