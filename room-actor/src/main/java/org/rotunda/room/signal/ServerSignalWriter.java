package org.rotunda.room.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quality.QualityAnswer;

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
            put(json, quality.answer());
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

    private static void put(ObjectNode json, QualityAnswer answer) {
        QualityAnswer.View local = answer.local();
        if (local.audio() == null) {
            json.put("local", local.level());
        } else {
            put(json.putObject("local"), local);
        }
        List<QualityAnswer.Remote> remotes = answer.remotes();
        if (remotes != null) {
            ArrayNode written = json.putArray("remotes");
            remotes.forEach(each -> put(written.addObject().put("sid", each.participantSid()), each.view()));
        }
    }

    private static void put(ObjectNode json, QualityAnswer.View view) {
        json.put("level", view.level());
        put(json, "audio", view.audio());
        put(json, "video", view.video());
    }

    private static void put(ObjectNode json, String kind, QualityAnswer.@Nullable Media media) {
        if (media == null) {
            return;
        }
        ObjectNode written = json.putObject(kind).put("send", media.send()).put("recv", media.recv());
        put(written, "sendStats", media.sendStats());
        put(written, "recvStats", media.recvStats());
    }

    private static void put(ObjectNode json, String direction, QualityAnswer.@Nullable Measurements measured) {
        if (measured == null) {
            return;
        }
        ObjectNode written = json.putObject(direction);
        QualityAnswer.Bandwidth bandwidth = measured.bandwidth();
        if (bandwidth != null) {
            written.putObject("bandwidth")
                    .put("actual", bandwidth.actualBps())
                    .put("available", bandwidth.availableBps())
                    .put("level", bandwidth.level());
        }
        written.putObject("fractionLost")
                .put("fractionLost", measured.fractionLost().fractionLost())
                .put("level", measured.fractionLost().level());
        written.putObject("latency")
                .put("jitter", measured.latency().jitterSeconds())
                .put("rtt", measured.latency().rttSeconds())
                .put("level", measured.latency().level());
    }
}
