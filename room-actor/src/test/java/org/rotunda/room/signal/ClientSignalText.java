package org.rotunda.room.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;

/** Writes messages as a client does. */
public final class ClientSignalText {
    private ClientSignalText() {}

    /** Returns the channel on which a client sends this message. */
    public static SignalChannel channelOf(ClientSignal signal) {
        if (signal instanceof ClientSignal.QualityAsked) {
            return SignalChannel.NETWORK_QUALITY;
        } else if (signal instanceof ClientSignal.PriorityChosen) {
            return SignalChannel.TRACK_PRIORITY;
        } else if (signal instanceof ClientSignal.RenderHints) {
            return SignalChannel.RENDER_HINTS;
        } else if (signal instanceof ClientSignal.Ready) {
            return SignalChannel.ACTIVE_SPEAKER;
        }
        return SignalChannel.PUBLISHER_HINTS;
    }

    public static String of(ClientSignal signal) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", channelOf(signal).wireName());
        if (signal instanceof ClientSignal.QualityAsked asked) {
            json.put("reportLevel", asked.localVerbosity()).put("remoteReportLevel", asked.remoteVerbosity());
            ObjectNode ice = json.putObject("ice");
            if (asked.availableSendBps() >= 0) {
                ice.put("availableSend", asked.availableSendBps());
            }
            if (asked.rttSeconds() >= 0) {
                ice.put("rtt", asked.rttSeconds());
            }
        } else if (signal instanceof ClientSignal.PriorityChosen chosen) {
            TrackPriority priority = chosen.priority();
            json.put("track", chosen.track().value())
                    .put("subscribe", priority == null ? null : priority.name().toLowerCase(Locale.ROOT));
        } else if (signal instanceof ClientSignal.RenderHints hints) {
            ArrayNode written =
                    json.putObject("subscriber").put("id", hints.id()).putArray("hints");
            for (ClientSignal.RenderHint each : hints.hints()) {
                ObjectNode hint = written.addObject().put("track", each.track().value());
                Boolean enabled = each.enabled();
                PictureSize size = each.size();
                if (enabled != null) {
                    hint.put("enabled", enabled);
                }
                if (size != null) {
                    hint.putObject("render_dimensions")
                            .put("width", size.width())
                            .put("height", size.height());
                }
            }
        } else if (signal instanceof ClientSignal.PublisherHintsTaken taken) {
            ArrayNode written = json.put("id", taken.id()).putArray("hints");
            taken.results()
                    .forEach(each -> written.addObject()
                            .put("track", each.track().value())
                            .put("result", each.result().name()));
        } else if (signal instanceof ClientSignal.EncodingsReset reset) {
            json.put("type", "client_reset").put("track", reset.track().value()).put("id", 1);
        } else {
            json.put("type", "ready");
        }
        return json.toString();
    }
}
