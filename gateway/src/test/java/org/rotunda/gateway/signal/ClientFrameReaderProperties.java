package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Properties of the reader: it answers any text with a frame or a reason, never with an exception. */
class ClientFrameReaderProperties {
    private static final List<String> FRAMES = Samples.clientFrames();
    private static final List<JsonNode> BODIES = bodies();

    private static List<JsonNode> bodies() {
        List<JsonNode> bodies = new ArrayList<>();
        bodies.add(Samples.get("tcmp", "hello_with_sync"));
        bodies.add(Samples.get("tcmp", "hello_with_connect_when_ice_servers_overridden"));
        for (String key : List.of("connect_adaptive_simulcast_all_channels", "update_track_priority")) {
            ObjectNode frame = JsonNodeFactory.instance.objectNode().put("type", "msg");
            frame.set("body", Samples.get("rsp", key));
            bodies.add(frame);
        }
        return bodies;
    }

    private static void assertAnswers(String text) {
        ClientFrameReader.Read read = ClientFrameReader.read(text);
        assertThat(read.frame() == null).isNotEqualTo(read.malformed() == null);
    }

    @Property(tries = 2000)
    void readsAnyText(@ForAll @StringLength(max = 300) String text) {
        assertAnswers(text);
    }

    @Property(tries = 3000)
    void readsRecordedFramesWithChangedCharacters(
            @ForAll @IntRange(max = 1000) int which,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int changes) {
        StringBuilder text = new StringBuilder(FRAMES.get(which % FRAMES.size()));
        Random random = new Random(seed);
        for (int i = 0; i < changes && text.length() > 1; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, "{}[]\",:0x\\-e".charAt(random.nextInt(12)));
                case 1 -> text.deleteCharAt(at);
                default -> text.setLength(at);
            }
        }
        assertAnswers(text.toString());
    }

    @Property(tries = 3000)
    void readsRecordedFramesWithChangedValues(@ForAll @IntRange(max = 3) int which, @ForAll long seed) {
        Random random = new Random(seed);
        JsonNode mutated = mutate(BODIES.get(which).deepCopy(), random);
        assertAnswers(mutated.toString());
    }

    /** Replaces or removes each value with a small probability. */
    private static JsonNode mutate(JsonNode node, Random random) {
        if (random.nextInt(40) == 0) {
            return arbitrary(random);
        }
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (random.nextInt(60) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, mutate(object.get(name), random));
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, mutate(array.get(i), random));
            }
        }
        return node;
    }

    private static JsonNode arbitrary(Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(9)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextLong());
            case 3 -> nodes.numberNode(random.nextDouble());
            case 4 -> nodes.textNode("");
            case 5 -> nodes.textNode("x".repeat(random.nextInt(20_000)));
            case 6 -> nodes.objectNode();
            case 7 -> nodes.arrayNode().add(1);
            default -> nodes.objectNode().set("type", nodes.textNode("offer"));
        };
    }
}
