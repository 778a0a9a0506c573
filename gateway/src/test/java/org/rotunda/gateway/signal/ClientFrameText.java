package org.rotunda.gateway.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackRule;

/** Writes frames as a client does. */
final class ClientFrameText {
    private ClientFrameText() {}

    static String of(ClientFrame frame) {
        ObjectNode json = object();
        if (frame instanceof ClientFrame.Hello hello) {
            json.put("type", "hello");
            if (hello.body() != null) {
                json.set("body", body(hello.body()));
            }
        } else if (frame instanceof ClientFrame.Message message) {
            json.put("type", "msg").set("body", body(message.body()));
        } else {
            json.put("type", frame instanceof ClientFrame.Bye ? "bye" : "heartbeat");
        }
        return json.toString();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode body(ClientMessage message) {
        ObjectNode json = object();
        if (message instanceof ClientMessage.Ice ice) {
            return json.put("type", "ice").put("token", ice.token());
        }
        if (message instanceof ClientMessage.Connect connect) {
            json.put("type", "connect").put("name", connect.name()).put("token", connect.token());
            put(json, connect.participant(), List.of(connect.offer()), List.of());
            ArrayNode rules = json.putObject("subscribe").putArray("rules");
            connect.subscribeRules().forEach(rule -> put(rules.addObject(), rule));
            ObjectNode channels = json.putObject("media_signaling");
            connect.channels().forEach(channels::putObject);
            if (connect.bandwidthProfile() != null) {
                json.set("bandwidth_profile", of(connect.bandwidthProfile()));
            }
            return json;
        }
        if (message instanceof ClientMessage.Sync sync) {
            json.put("type", "sync").put("session", sync.session()).put("token", sync.token());
            return put(json, sync.participant(), sync.descriptions(), List.of());
        }
        if (message instanceof ClientMessage.Update update) {
            return put(json.put("type", "update"), update.participant(), update.descriptions(), update.candidates());
        }
        return json.put("type", "disconnect");
    }

    /** Writes a profile with all its fields. */
    static ObjectNode of(BandwidthProfile profile) {
        ObjectNode json = object();
        ObjectNode sizes = json.putObject("video")
                .put("mode", word(profile.mode()))
                .put("max_subscription_bandwidth", profile.bitrateMax())
                .put("active_speaker_priority", word(profile.speakerPriority()))
                .put("track_switch_off", word(profile.switchOff()))
                .put("max_tracks", profile.tracksMax())
                .putObject("render_dimensions");
        put(sizes.putObject("low"), profile.low());
        put(sizes.putObject("standard"), profile.standard());
        put(sizes.putObject("high"), profile.high());
        return json;
    }

    private static void put(ObjectNode json, PictureSize size) {
        json.put("width", size.width()).put("height", size.height());
    }

    private static void put(ObjectNode json, TrackRule rule) {
        json.put("type", word(rule.type()));
        if (rule.all()) {
            json.put("all", true);
        }
        if (rule.kind() != null) {
            json.put("kind", word(rule.kind()));
        }
        if (rule.publisher() != null) {
            json.put("publisher", rule.publisher());
        }
        if (rule.track() != null) {
            json.put("track", rule.track());
        }
        if (rule.priority() != null) {
            json.put("priority", word(rule.priority()));
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode put(
            ObjectNode json,
            @Nullable ClientParticipant participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates) {
        if (participant != null) {
            ArrayNode tracks = json.putObject("participant")
                    .put("revision", participant.revision())
                    .putArray("tracks");
            for (ClientTrack track : participant.tracks()) {
                tracks.addObject()
                        .put("id", track.id())
                        .put("kind", word(track.kind()))
                        .put("name", track.name())
                        .put("enabled", track.enabled())
                        .put("priority", track.priority().name().toLowerCase(Locale.ROOT));
            }
        }
        ArrayNode connections = json.putArray("peer_connections");
        Deque<ConnectionCandidates> lists = new ArrayDeque<>(candidates);
        for (int i = 0; i < descriptions.size(); i++) {
            ConnectionDescription each = descriptions.get(i);
            List<ConnectionDescription> rest = descriptions.subList(i, descriptions.size());
            while (!lists.isEmpty() && rest.stream().noneMatch(isOf(lists.getFirst()))) {
                ConnectionCandidates list = lists.removeFirst();
                put(connections.addObject().put("id", list.connectionId()), list);
            }
            ObjectNode written = connections.addObject().put("id", each.connectionId());
            put(written, each.description());
            if (!lists.isEmpty() && isOf(lists.getFirst()).test(each)) {
                put(written, lists.removeFirst()); // One entry can have both, as a client may write it.
            }
        }
        lists.forEach(list -> put(connections.addObject().put("id", list.connectionId()), list));
        return json;
    }

    private static Predicate<ConnectionDescription> isOf(ConnectionCandidates list) {
        return each -> each.connectionId().equals(list.connectionId());
    }

    private static void put(ObjectNode connection, Description description) {
        ObjectNode written = connection
                .putObject("description")
                .put("type", description.type().name().toLowerCase(Locale.ROOT))
                .put("revision", description.revision());
        if (description.type() != Description.Type.CLOSE) {
            written.put("sdp", description.sdp());
        }
    }

    private static void put(ObjectNode connection, ConnectionCandidates list) {
        ObjectNode ice = connection.putObject("ice").put("ufrag", list.ufrag()).put("revision", 1);
        if (list.complete()) {
            ice.put("complete", true);
        }
        ArrayNode written = ice.putArray("candidates");
        for (IceCandidate each : list.candidates()) {
            ObjectNode candidate = written.addObject().put("candidate", each.candidate());
            if (each.mid() != null) {
                candidate.put("sdpMid", each.mid());
            }
            if (each.lineIndex() != IceCandidate.NO_LINE) {
                candidate.put("sdpMLineIndex", each.lineIndex());
            }
            if (each.usernameFragment() != null) {
                candidate.put("usernameFragment", each.usernameFragment());
            }
        }
    }
}
