package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rotunda why ROOM PARTICIPANT}: tells why a participant is sent its video tracks in their present layers. */
@Command(
        name = "why",
        description = "Tells which video tracks a participant is sent, in which layer, and why.",
        footer =
                "Layers are written as S1T2 500: encoding 1, temporal layer 2, 500 kbit/s. The last changes of each track"
                        + " follow, newest first.",
        mixinStandardHelpOptions = true)
public final class WhyCommand extends RestCommand {
    private static final String[] TRACK_COLUMNS = {"track", "publisher", "layer", "desired", "reason", "text"};
    private static final String[] CHANGE_COLUMNS = {"date", "track", "from", "to", "reason", "cause", "budget", "sum"};
    private static final String OFF = "off";
    private static final int BITS_PER_KILOBIT = 1_000;

    @Parameters(
            index = "0",
            paramLabel = "ROOM",
            description = "The SID (RM…) of the room, or its unique name while it is in progress.")
    private String room = "";

    @Parameters(
            index = "1",
            paramLabel = "PARTICIPANT",
            description = "The SID (PA…) of the participant, or its identity.")
    private String participant = "";

    @Override
    void run(RestClient client) throws RestRefusal {
        JsonNode why = client.get(
                RoomCommand.pathOf(room) + "/Participants/" + RestClient.segment(participant) + "/Allocation");
        if (isJson()) {
            print(why);
            return;
        }
        say(summary(why));
        List<JsonNode> tracks = new ArrayList<>();
        List<JsonNode> changes = new ArrayList<>();
        for (JsonNode track : why.path("tracks")) {
            tracks.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("track", track.path("track_sid").asText())
                    .put("publisher", track.path("publisher_sid").asText())
                    .put("layer", layer(track.path("layer"), OFF))
                    .put("desired", layer(track.path("desired"), "-"))
                    .put("reason", track.path("reason").asText())
                    .put("text", track.path("text").asText()));
            for (JsonNode change : track.path("changes")) {
                changes.add(change(track, change));
            }
        }
        if (tracks.isEmpty()) {
            say("The participant receives no video.");
            return;
        }
        print(tracks, TRACK_COLUMNS);
        if (!changes.isEmpty()) {
            say("");
            print(changes, CHANGE_COLUMNS);
        }
    }

    private static ObjectNode change(JsonNode track, JsonNode change) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("date", change.path("date").asText())
                .put("track", track.path("track_sid").asText())
                .put("from", layer(change.path("from"), OFF))
                .put("to", layer(change.path("to"), OFF))
                .put("reason", change.path("reason").asText())
                .put("cause", change.path("cause").asText())
                .put("budget", kilobits(change.path("budget")))
                .put("sum", kilobits(change.path("sum")));
    }

    private static String summary(JsonNode why) {
        JsonNode estimate = why.path("estimate");
        return String.format(
                Locale.ROOT,
                "%s in %s: %s of video, network %s, reserve %s, cap %s, loss %.1f %%, queue %d ms; %s",
                why.path("participant_sid").asText(),
                why.path("room_sid").asText(),
                kilobits(why.path("sum")),
                estimate.isNull() ? "unknown" : kilobits(estimate),
                kilobits(why.path("reserve")),
                kilobits(why.path("cap")),
                100 * why.path("loss").asDouble(),
                why.path("queue").asLong(),
                why.path("profile").isNull()
                        ? "no bandwidth profile"
                        : "mode " + why.path("profile").path("mode").asText());
    }

    private static String kilobits(JsonNode bits) {
        return bits.asLong() / BITS_PER_KILOBIT + " kbit/s";
    }

    private static String layer(JsonNode layer, String ifNone) {
        return layer.isObject()
                ? "S" + layer.path("spatial").asInt() + "T"
                        + layer.path("temporal").asInt() + " "
                        + layer.path("bitrate").asLong() / BITS_PER_KILOBIT
                : ifNone;
    }
}
