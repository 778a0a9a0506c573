package org.rotunda.room.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;

/** Writes messages to clients on media-signaling channels, as JSON text. */
public final class ServerSignalWriter {
    private ServerSignalWriter() {}

    public static String write(ServerSignal signal) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", signal.channel().wireName());
        if (signal instanceof ServerSignal.ActiveSpeaker speaker) {
            ParticipantSid participant = speaker.participant();
            json.put("participant", participant == null ? null : participant.value());
        } else if (signal instanceof ServerSignal.NetworkQuality quality) {
            put(json, quality);
        } else if (signal instanceof ServerSignal.TrackSwitchOff switchOff) {
            put(json, "off", switchOff.off());
            put(json, "on", switchOff.on());
        } else if (signal instanceof ServerSignal.RenderHintsTaken taken) {
            ObjectNode subscriber = json.putObject("subscriber").put("id", taken.id());
            ArrayNode hints = subscriber.putArray("hints");
            taken.results()
                    .forEach(each -> hints.addObject()
                            .put("track", each.track().value())
                            .put("result", each.result().name()));
        } else if (signal instanceof ServerSignal.PublisherHints hints) {
            ObjectNode publisher = json.putObject("publisher").put("id", hints.id());
            ArrayNode written = publisher.putArray("hints");
            hints.hints().forEach(hint -> put(written.addObject(), hint));
        }
        return json.toString();
    }

    private static void put(ObjectNode json, String field, List<TrackSid> tracks) {
        if (!tracks.isEmpty()) {
            ArrayNode written = json.putArray(field);
            tracks.forEach(track -> written.add(track.value()));
        }
    }

    private static void put(ObjectNode json, ServerSignal.PublisherHint hint) {
        ArrayNode encodings = json.put("track", hint.track().value()).putArray("encodings");
        for (int layer = 0; layer < hint.of(); layer++) {
            encodings.addObject().put("layer_index", layer).put("enabled", layer < hint.layers());
        }
    }

    private static void put(ObjectNode json, ServerSignal.NetworkQuality quality) {
        ServerSignal.Quality local = quality.local();
        if (local.audio() == null) {
            json.put("local", local.level());
        } else {
            put(json.putObject("local"), local);
        }
        List<ServerSignal.RemoteQuality> remotes = quality.remotes();
        if (remotes != null) {
            ArrayNode written = json.putArray("remotes");
            remotes.forEach(each ->
                    put(written.addObject().put("sid", each.participant().value()), each.quality()));
        }
    }

    private static void put(ObjectNode json, ServerSignal.Quality quality) {
        json.put("level", quality.level());
        put(json, "audio", quality.audio());
        put(json, "video", quality.video());
    }

    private static void put(ObjectNode json, String kind, ServerSignal.@Nullable MediaQuality quality) {
        if (quality == null) {
            return;
        }
        ObjectNode written = json.putObject(kind).put("send", quality.send()).put("recv", quality.recv());
        put(written, "sendStats", quality.sendStats());
        put(written, "recvStats", quality.recvStats());
    }

    private static void put(ObjectNode json, String direction, ServerSignal.@Nullable DirectionStats stats) {
        if (stats == null) {
            return;
        }
        ObjectNode written = json.putObject(direction);
        written.putObject("bandwidth")
                .put("actual", stats.actualBps())
                .put("available", stats.availableBps())
                .put("level", stats.bandwidthLevel());
        written.putObject("fractionLost")
                .put("fractionLost", stats.fractionLost())
                .put("level", stats.lossLevel());
        written.putObject("latency")
                .put("jitter", stats.jitterSeconds())
                .put("rtt", stats.rttSeconds())
                .put("level", stats.latencyLevel());
    }
}
