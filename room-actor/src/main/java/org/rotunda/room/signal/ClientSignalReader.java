package org.rotunda.room.signal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * Reads clients' messages on media-signaling channels. Skips unknown fields. Never throws; for a message that is
 * dropped it returns the reason.
 */
public final class ClientSignalReader {
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(SignalLimits.NESTING_MAX)
                            .maxStringLength(SignalLimits.TEXT_CHARS_MAX)
                            .maxNumberLength(SignalLimits.NUMBER_CHARS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private static final int UNKNOWN = -1;

    private ClientSignalReader() {}

    /** A message, or the reason why it is dropped. Exactly one of the two is null. */
    public record Read(
            @Nullable ClientSignal signal, @Nullable SignalFault fault) {}

    /** Ends the reading of one message. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient SignalFault fault;

        Refused(SignalFault fault) {
            super(fault.name(), null, false, false); // A hostile client must not cost stack traces.
            this.fault = fault;
        }
    }

    /** @param channel the channel on which the message came; messages of other channels are unknown there */
    public static Read read(SignalChannel channel, String text) {
        if (text.length() > SignalLimits.TEXT_CHARS_MAX) {
            return new Read(null, SignalFault.TOO_LARGE);
        }
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new Refused(SignalFault.NOT_JSON);
            }
            return new Read(signal(channel, root), null);
        } catch (JsonProcessingException e) {
            return new Read(null, SignalFault.NOT_JSON);
        } catch (Refused e) {
            return new Read(null, e.fault);
        }
    }

    private static ClientSignal signal(SignalChannel channel, JsonNode root) throws Refused {
        String type = root.path("type").asText();
        if (type.equals("ready")) {
            return new ClientSignal.Ready();
        }
        if (channel == SignalChannel.PUBLISHER_HINTS && type.equals("client_reset")) {
            return new ClientSignal.EncodingsReset(track(root));
        }
        if (!type.equals(channel.wireName())) {
            throw new Refused(SignalFault.TYPE_UNKNOWN);
        }
        return switch (channel) {
            case NETWORK_QUALITY -> qualityAsked(root);
            case TRACK_PRIORITY -> new ClientSignal.PriorityChosen(track(root), priority(root.path("subscribe")));
            case RENDER_HINTS -> renderHints(root.path("subscriber"));
            case PUBLISHER_HINTS -> new ClientSignal.PublisherHintsTaken(id(root), results(root));
            case ACTIVE_SPEAKER, TRACK_SWITCH_OFF -> throw new Refused(SignalFault.TYPE_UNKNOWN);
        };
    }

    /** Values that are absent or impossible count as unknown, because each such message must be answered. */
    private static ClientSignal qualityAsked(JsonNode root) {
        JsonNode ice = root.path("ice");
        return new ClientSignal.QualityAsked(
                level(root.path("reportLevel"), 1),
                level(root.path("remoteReportLevel"), 0),
                measured(ice.path("availableSend")),
                measured(ice.path("rtt")));
    }

    private static int level(JsonNode value, int min) {
        return value.isNumber() ? (int) Math.min(Math.max(min, value.doubleValue()), 3) : min;
    }

    private static double measured(JsonNode value) {
        double number = value.isNumber() ? value.doubleValue() : UNKNOWN;
        return number >= 0 && Double.isFinite(number) ? number : UNKNOWN;
    }

    private static @Nullable TrackPriority priority(JsonNode value) throws Refused {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        return switch (value.asText()) {
            case "low" -> TrackPriority.LOW;
            case "standard" -> TrackPriority.STANDARD;
            case "high" -> TrackPriority.HIGH;
            default -> throw new Refused(SignalFault.FIELD_INVALID);
        };
    }

    private static ClientSignal renderHints(JsonNode subscriber) throws Refused {
        List<ClientSignal.RenderHint> hints = new ArrayList<>();
        for (JsonNode hint : list(subscriber)) {
            JsonNode size = hint.path("render_dimensions");
            hints.add(new ClientSignal.RenderHint(
                    track(hint),
                    optional(hint.path("enabled"), JsonNode::isBoolean, JsonNode::booleanValue),
                    optional(
                            size,
                            each -> each.path("width").isNumber()
                                    && each.path("height").isNumber(),
                            each -> PictureSize.bounded(
                                    each.path("width").doubleValue(),
                                    each.path("height").doubleValue()))));
        }
        return new ClientSignal.RenderHints(id(subscriber), hints);
    }

    private static List<TrackResult> results(JsonNode root) throws Refused {
        List<TrackResult> results = new ArrayList<>();
        for (JsonNode each : list(root)) {
            results.add(new TrackResult(track(each), result(each.path("result").asText())));
        }
        return results;
    }

    private static HintResult result(String word) {
        for (HintResult result : HintResult.values()) {
            if (result.name().equals(word)) {
                return result;
            }
        }
        return HintResult.OTHER;
    }

    /** Returns the value of a field that may be absent or null. */
    private static <T> @Nullable T optional(JsonNode value, Predicate<JsonNode> isValid, Function<JsonNode, T> read)
            throws Refused {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!isValid.test(value)) {
            throw new Refused(SignalFault.FIELD_INVALID);
        }
        return read.apply(value);
    }

    private static TrackSid track(JsonNode parent) throws Refused {
        String text = parent.path("track").asText();
        if (!TrackSid.isValid(text)) {
            throw new Refused(SignalFault.FIELD_INVALID);
        }
        return new TrackSid(text);
    }

    private static long id(JsonNode parent) throws Refused {
        JsonNode id = parent.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 0) {
            throw new Refused(SignalFault.FIELD_INVALID);
        }
        return id.longValue();
    }

    private static JsonNode list(JsonNode parent) throws Refused {
        JsonNode list = parent.path("hints");
        if (!list.isArray()) {
            throw new Refused(SignalFault.FIELD_INVALID);
        }
        if (list.size() > SignalLimits.HINTS_MAX) {
            throw new Refused(SignalFault.LIST_TOO_LONG);
        }
        return list;
    }
}
