package org.rotunda.load.bot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.MediaSignals;
import org.rotunda.media.testkit.PeerData;

/**
 * The channels of media signaling of one bot. The room opens a data channel for each channel that it grants, and the
 * bot answers with {@code ready}, as the SDK does. Messages to the room wait until the next tick. Owned by the bot's
 * loop.
 */
final class BotSignals {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The time between the room's answer on {@code network_quality} and the next request, as in the SDK. */
    private static final long QUALITY_INTERVAL_NANOS = 1_000_000_000L;

    /** The mask of a track of which all layers are sent. */
    static final int ALL_LAYERS = -1;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int REPORT_LEVEL = 1;

    /** A message that waits for its channel. */
    private record Outgoing(String channel, ObjectNode message) {}

    private final IntConsumer layers;
    private final Map<String, String> labels = new HashMap<>(); // The labels of the data channels, by channel name.
    private final Set<String> ready = new HashSet<>(); // The names of the channels that are open and answered.
    private final Queue<Outgoing> waiting = new ArrayDeque<>();
    private final Set<String> switchedOff = new HashSet<>();
    private final Map<String, Integer> remoteQualities = new HashMap<>();
    private @Nullable String speaker;
    private int quality;
    private int hints;
    private int hintsAcknowledged;
    private int publisherHints;
    private int layerMask = ALL_LAYERS;
    private long qualityDueNanos = NEVER;

    /** @param layers sets the layers of the bot's video that are sent, as a mask of bits; bit 0 is the lowest layer */
    BotSignals(IntConsumer layers) {
        this.layers = layers;
    }

    /** Learns the labels of the channels from a message of the room. */
    void onRoom(JsonNode body) {
        body.path("media_signaling")
                .properties()
                .forEach(channel -> labels.put(
                        channel.getKey(),
                        channel.getValue().path("transport").path("label").asText()));
    }

    /** Forgets the open channels, because the connection was replaced. */
    void onNewConnection() {
        ready.clear();
        qualityDueNanos = NEVER;
    }

    /** Answers channels that the router has opened, and sends the messages that wait. Called at every tick. */
    void onTime(PeerData data, long nowNanos) {
        if (ready.size() < labels.size()) {
            greet(data, nowNanos);
        }
        if (nowNanos >= qualityDueNanos) {
            qualityDueNanos = NEVER;
            ObjectNode request = message(MediaSignals.NETWORK_QUALITY);
            request.put("reportLevel", REPORT_LEVEL).put("remoteReportLevel", REPORT_LEVEL);
            waiting.add(new Outgoing(MediaSignals.NETWORK_QUALITY, request));
        }
        Outgoing next;
        while ((next = waiting.peek()) != null && ready.contains(next.channel)) {
            waiting.remove();
            write(data, next.channel, next.message, nowNanos);
        }
    }

    private void greet(PeerData data, long nowNanos) {
        labels.forEach((channel, label) -> {
            if (data.openedByRouter().containsKey(label) && ready.add(channel)) {
                write(data, channel, message("ready"), nowNanos);
                if (channel.equals(MediaSignals.NETWORK_QUALITY)) {
                    qualityDueNanos = nowNanos;
                }
            }
        });
    }

    private void write(PeerData data, String channel, ObjectNode message, long nowNanos) {
        String label = labels.get(channel);
        if (label != null) {
            data.send(label, message.toString().getBytes(StandardCharsets.UTF_8), false, nowNanos);
        }
    }

    private static ObjectNode message(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    /** Returns whether the data channel with this label belongs to media signaling. */
    boolean isSignaling(String label) {
        return labels.containsValue(label);
    }

    /** Processes a message of the room. */
    void onMessage(byte[] message, long nowNanos) {
        JsonNode body;
        try {
            body = JSON.readTree(message);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        switch (body.path("type").asText()) {
            case MediaSignals.TRACK_SWITCH_OFF -> {
                body.path("on").forEach(sid -> switchedOff.remove(sid.asText()));
                body.path("off").forEach(sid -> switchedOff.add(sid.asText()));
            }
            case MediaSignals.ACTIVE_SPEAKER -> {
                JsonNode sid = body.path("participant");
                speaker = sid.isTextual() ? sid.asText() : null;
            }
            case MediaSignals.NETWORK_QUALITY -> onQuality(body, nowNanos);
            case MediaSignals.RENDER_HINTS -> hintsAcknowledged++;
            case MediaSignals.PUBLISHER_HINTS -> onPublisherHints(body.path("publisher"));
            default -> {} // The SDK ignores unknown messages, too.
        }
    }

    private void onQuality(JsonNode body, long nowNanos) {
        quality = level(body.path("local"));
        remoteQualities.clear();
        body.path("remotes")
                .forEach(remote -> remoteQualities.put(remote.path("sid").asText(), level(remote)));
        qualityDueNanos = nowNanos + QUALITY_INTERVAL_NANOS;
    }

    /** Returns a level that is written as a number or as an object. */
    private static int level(JsonNode value) {
        return value.isNumber() ? value.asInt() : value.path("level").asInt();
    }

    /** Obeys hints about the bot's only video track, and acknowledges them. */
    private void onPublisherHints(JsonNode publisher) {
        publisherHints++;
        ObjectNode answer = message(MediaSignals.PUBLISHER_HINTS)
                .put("id", publisher.path("id").asInt());
        ArrayNode results = answer.putArray("hints");
        for (JsonNode hint : publisher.path("hints")) {
            JsonNode encodings = hint.path("encodings");
            if (encodings.isArray()) {
                for (JsonNode encoding : encodings) {
                    int bit = 1 << encoding.path("layer_index").asInt();
                    layerMask = encoding.path("enabled").asBoolean() ? layerMask | bit : layerMask & ~bit;
                }
            } else {
                layerMask = ALL_LAYERS;
            }
            results.addObject().put("track", hint.path("track").asText()).put("result", "OK");
        }
        layers.accept(layerMask);
        waiting.add(new Outgoing(MediaSignals.PUBLISHER_HINTS, answer));
    }

    /** Asks for a track in this size. */
    void renderAt(String trackSid, int width, int height) {
        hint(trackSid).putObject("render_dimensions").put("width", width).put("height", height);
    }

    /** Asks the room to send or not to send a track. */
    void enable(String trackSid, boolean enabled) {
        hint(trackSid).put("enabled", enabled);
    }

    private ObjectNode hint(String trackSid) {
        ObjectNode request = message(MediaSignals.RENDER_HINTS);
        ObjectNode hint = request.putObject("subscriber")
                .put("id", ++hints)
                .putArray("hints")
                .addObject()
                .put("track", trackSid);
        waiting.add(new Outgoing(MediaSignals.RENDER_HINTS, request));
        return hint;
    }

    /** Sets the bot's own priority of a track; null returns to the publisher's priority. */
    void setPriority(String trackSid, @Nullable String priority) {
        waiting.add(new Outgoing(
                MediaSignals.TRACK_PRIORITY,
                message(MediaSignals.TRACK_PRIORITY).put("track", trackSid).put("subscribe", priority)));
    }

    SignalsHeard heard() {
        return new SignalsHeard(
                ready, switchedOff, speaker, hintsAcknowledged, quality, remoteQualities, publisherHints);
    }
}
