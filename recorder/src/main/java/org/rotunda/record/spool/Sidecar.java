package org.rotunda.record.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a segment apart from its media, kept as JSON beside its file, so that a recorder that starts again
 * knows whose it is.
 *
 * @param recordingSid the SID of the recording
 * @param segment the number of the segment, from 1
 * @param extension {@code mka} or {@code mkv}, the ending of the finished file
 * @param facts names and values of what belongs into the recording's row
 */
public record Sidecar(String recordingSid, int segment, String extension, Map<String, String> facts) {
    /** The maximum length of a sidecar; a real one has less than 2 KiB. */
    static final int BYTES_MAX = 64 * 1024;

    static final int SEGMENT_MAX = 9_999;

    private static final ObjectMapper JSON = new ObjectMapper();

    public Sidecar {
        if (!recordingSid.matches("RT[0-9a-f]{32}")
                || segment < 1
                || segment > SEGMENT_MAX
                || !extension.matches("mka|mkv")) {
            throw new IllegalArgumentException("no segment: " + recordingSid + " " + segment + " " + extension);
        }
        facts = Map.copyOf(facts);
    }

    /** Returns the name of the segment's files without their endings. */
    String name() {
        return recordingSid + "." + segment;
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("recording_sid", recordingSid);
        json.put("segment", segment);
        json.put("extension", extension);
        ObjectNode values = json.putObject("facts");
        new TreeMap<>(facts).forEach(values::put);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // Texts and numbers can always be written.
        }
    }

    /** Reads a sidecar. Returns null if the bytes are none. */
    static @Nullable Sidecar read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            Map<String, String> facts = new TreeMap<>();
            for (Map.Entry<String, JsonNode> fact : json.path("facts").properties()) {
                facts.put(fact.getKey(), fact.getValue().asText());
            }
            return new Sidecar(
                    json.path("recording_sid").asText(),
                    json.path("segment").asInt(),
                    json.path("extension").asText(),
                    facts);
        } catch (IOException | IllegalArgumentException e) {
            return null; // A damaged sidecar; its file goes to lost+found.
        }
    }
}
