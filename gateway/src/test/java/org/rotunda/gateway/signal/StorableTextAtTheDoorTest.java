package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.StorableText;

/**
 * Tests that the reader never returns a text that cannot be stored. Takes each recorded frame and appends such a text
 * to its strings (keys and values), one string at a time.
 */
class StorableTextAtTheDoorTest {
    private static final List<String> BAD = List.of("a\uD800", "\uDC00b", "\uD83Dx\uDE00", "a\0b", "\uFFFD");
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Test
    void noFrameBringsATextInThatCannotBeStored() throws JsonProcessingException {
        Set<String> refused = new TreeSet<>();
        Set<String> replaced = new TreeSet<>();
        for (String recorded : Samples.clientFrames()) {
            for (Frame frame : spoiled(MAPPER.readTree(recorded))) {
                ClientFrameReader.Read read = ClientFrameReader.read(frame.text());
                if (read.frame() == null) {
                    refused.add(frame.site());
                    continue;
                }
                strings(read.frame(), "", (component, text) -> {
                    if (text.equals(StorableText.REPLACEMENT)) {
                        replaced.add(component);
                    } else {
                        assertThat(StorableText.isStorable(text))
                                .as("%s of %s", component, frame.text())
                                .isTrue();
                    }
                });
            }
        }
        assertThat(replaced)
                .as("names are refused by the rules for names, with codes of their own")
                .containsExactlyInAnyOrder("Connect.name", "ClientTrack.name");
        assertThat(refused)
                .contains(
                        "/body/session",
                        "/body/token",
                        "/body/participant/tracks/id",
                        "/body/peer_connections/id",
                        "/body/peer_connections/description/sdp",
                        "/body/media_signaling/KEY");
    }

    /** A frame with one spoiled string, and the place of that string. */
    private record Frame(String site, String text) {}

    private static List<Frame> spoiled(JsonNode frame) {
        List<Frame> frames = new ArrayList<>();
        for (String bad : BAD) {
            spoil(frame, "", bad, site -> frames.add(new Frame(site, written(frame))));
        }
        return frames;
    }

    private static String written(JsonNode frame) {
        try {
            return MAPPER.writeValueAsString(frame);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Spoils the strings below the node one at a time: appends {@code bad} to a value, or copies a member to a key that
     * ends in {@code bad}. Calls {@code show} after each change, and then undoes the change.
     */
    private static void spoil(JsonNode node, String path, String bad, Consumer<String> show) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = object.get(name);
                if (value.isTextual()) {
                    object.put(name, value.textValue() + bad);
                    show.accept(path + "/" + name);
                    object.set(name, value);
                }
                object.set(name + bad, value);
                show.accept(path + "/KEY");
                object.remove(name + bad);
                spoil(value, path + "/" + name, bad, show);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                if (value.isTextual()) {
                    array.set(i, TextNode.valueOf(value.textValue() + bad));
                    show.accept(path);
                    array.set(i, value);
                }
                spoil(value, path, bad, show);
            }
        }
    }

    /** Passes each string in a record to {@code to}, with the name of the record component that holds it. */
    private static void strings(Object value, String component, BiConsumer<String, String> to) {
        if (value instanceof String text) {
            to.accept(component, text);
        } else if (value instanceof Collection<?> all) {
            all.forEach(each -> strings(each, component, to));
        } else if (value instanceof Record) {
            for (RecordComponent each : value.getClass().getRecordComponents()) {
                try {
                    Object held = each.getAccessor().invoke(value);
                    if (held != null) {
                        strings(held, value.getClass().getSimpleName() + "." + each.getName(), to);
                    }
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError("a component of a record cannot be read", e);
                }
            }
        }
    }
}
