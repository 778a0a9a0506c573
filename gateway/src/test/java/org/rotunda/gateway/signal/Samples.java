package org.rotunda.gateway.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Messages recorded from the unmodified client SDK. */
public final class Samples {
    private static final JsonNode ALL = load();

    private Samples() {}

    private static JsonNode load() {
        try (InputStream in = Samples.class.getResourceAsStream("/signaling-samples.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode get(String group, String key) {
        return ALL.path(group).path(key);
    }

    public static String msg(JsonNode body) {
        return "{\"type\":\"msg\",\"body\":" + body + "}";
    }

    /** Returns every recorded frame from a client. A body that was recorded without a frame is wrapped in a frame. */
    public static List<String> clientFrames() {
        List<String> frames = new ArrayList<>();
        ALL.path("tcmp").forEach(node -> addFrame(node, frames));
        addFrame(get("preflight", "hello"), frames);
        ALL.path("rsp").forEach(node -> addMessages(node, frames));
        return frames;
    }

    private static void addFrame(JsonNode node, List<String> frames) {
        if (node.has("type")) {
            frames.add(node.toString());
        }
    }

    private static void addMessages(JsonNode node, List<String> frames) {
        if (node.isArray()) {
            node.forEach(element -> addMessages(element, frames));
        } else if (node.has("type") && node.has("version")) {
            frames.add(msg(node));
        }
    }
}
