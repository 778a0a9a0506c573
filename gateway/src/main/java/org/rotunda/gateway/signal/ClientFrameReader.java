package org.rotunda.gateway.signal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.rules.RuleGrammar;

/** Reads clients' frames. Skips unknown fields. Never throws; for a malformed frame it returns a reason. */
public final class ClientFrameReader {
    private static final int NUMBER_CHARS_MAX = 64;

    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(SignalLimits.NESTING_MAX)
                            .maxStringLength(SignalLimits.FRAME_CHARS_MAX)
                            .maxNumberLength(NUMBER_CHARS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private ClientFrameReader() {}

    /** A frame, or the reason why the text is malformed. Exactly one of the two is null. */
    public record Read(
            @Nullable ClientFrame frame, @Nullable Malformed malformed) {}

    public static Read read(String text) {
        if (text.length() > SignalLimits.FRAME_CHARS_MAX) {
            return new Read(null, Malformed.TOO_LARGE);
        }
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return new Read(null, Malformed.NOT_JSON);
        }
        if (!root.isObject()) {
            return new Read(null, Malformed.NOT_AN_OBJECT);
        }
        JsonFields fields = new JsonFields();
        ClientFrame frame = frame(root, fields);
        Malformed fault = fields.fault();
        return fault == null ? new Read(frame, null) : new Read(null, fault);
    }

    private static @Nullable ClientFrame frame(JsonNode root, JsonFields fields) {
        return switch (fields.text(root, "type", SignalLimits.WORD_CHARS_MAX)) {
            case "hello" -> new ClientFrame.Hello(root.hasNonNull("body") ? body(root, fields) : null);
            case "msg" -> {
                ClientMessage body = body(root, fields);
                yield body == null ? null : new ClientFrame.Message(body);
            }
            case "heartbeat" -> new ClientFrame.Heartbeat();
            case "bye" -> new ClientFrame.Bye();
            default -> {
                fields.fail(Malformed.TYPE_UNKNOWN);
                yield null;
            }
        };
    }

    private static @Nullable ClientMessage body(JsonNode frame, JsonFields fields) {
        JsonNode body = fields.optionalObject(frame, "body");
        if (body == null) {
            fields.fail(Malformed.FIELD_MISSING);
            return null;
        }
        return switch (fields.text(body, "type", SignalLimits.WORD_CHARS_MAX)) {
            case "ice" -> new ClientMessage.Ice(fields.text(body, "token", SignalLimits.TOKEN_CHARS_MAX));
            case "connect" -> connect(body, fields);
            case "sync" -> sync(body, fields);
            case "update" ->
                new ClientMessage.Update(
                        participant(body, fields), descriptions(body, fields), candidates(body, fields));
            case "disconnect" -> new ClientMessage.Disconnect();
            default -> {
                fields.fail(Malformed.TYPE_UNKNOWN);
                yield null;
            }
        };
    }

    private static @Nullable ClientMessage connect(JsonNode body, JsonFields fields) {
        String name = fields.optionalName(body, "name", SignalLimits.NAME_CHARS_MAX);
        String token = fields.text(body, "token", SignalLimits.TOKEN_CHARS_MAX);
        ClientParticipant participant = participant(body, fields);
        List<ConnectionDescription> descriptions = descriptions(body, fields);
        List<TrackRule> subscribeRules = subscribeRules(body, fields);
        Set<String> channels = channels(body, fields);
        BandwidthProfile profile = BandwidthProfileReader.read(body, fields);
        if (participant == null) {
            fields.fail(Malformed.FIELD_MISSING);
            return null;
        }
        if (descriptions.size() != 1 || descriptions.get(0).description().type() != Description.Type.OFFER) {
            // A connect must have exactly one peer connection, with an offer.
            fields.fail(Malformed.FIELD_INVALID);
            return null;
        }
        return new ClientMessage.Connect(
                name, token, participant, descriptions.get(0), subscribeRules, channels, profile);
    }

    private static @Nullable ClientMessage sync(JsonNode body, JsonFields fields) {
        String session = fields.text(body, "session", SignalLimits.SESSION_CHARS_MAX);
        String token = fields.text(body, "token", SignalLimits.TOKEN_CHARS_MAX);
        ClientParticipant participant = participant(body, fields);
        List<ConnectionDescription> descriptions = descriptions(body, fields);
        if (participant == null) {
            fields.fail(Malformed.FIELD_MISSING);
            return null;
        }
        return new ClientMessage.Sync(session, token, participant, descriptions);
    }

    private static @Nullable ClientParticipant participant(JsonNode body, JsonFields fields) {
        JsonNode participant = fields.optionalObject(body, "participant");
        if (participant == null) {
            return null;
        }
        List<ClientTrack> tracks = new ArrayList<>();
        for (JsonNode track : fields.objects(participant, "tracks", ClientLimits.TRACKS_MAX)) {
            tracks.add(new ClientTrack(
                    fields.text(track, "id", ClientLimits.ID_CHARS_MAX),
                    kind(fields.text(track, "kind", SignalLimits.WORD_CHARS_MAX), fields),
                    SignalLimits.trackName(fields.name(track, "name", SignalLimits.NAME_CHARS_MAX)),
                    fields.flag(track, "enabled", true),
                    fields.priority(track, "priority")));
        }
        return new ClientParticipant(fields.revision(participant), tracks);
    }

    private static TrackKind kind(String text, JsonFields fields) {
        return switch (text) {
            case "audio" -> TrackKind.AUDIO;
            case "video" -> TrackKind.VIDEO;
            case "data" -> TrackKind.DATA;
            default -> {
                fields.fail(Malformed.FIELD_INVALID);
                yield TrackKind.DATA;
            }
        };
    }

    /** Returns the descriptions in {@code peer_connections}. Entries without a description are skipped. */
    private static List<ConnectionDescription> descriptions(JsonNode body, JsonFields fields) {
        List<ConnectionDescription> descriptions = new ArrayList<>();
        int bytes = 0;
        for (JsonNode connection : fields.objects(body, "peer_connections", ClientLimits.DESCRIPTIONS_MAX)) {
            String id = fields.text(connection, "id", ClientLimits.ID_CHARS_MAX);
            JsonNode description = fields.optionalObject(connection, "description");
            if (description != null) {
                Description.Type type =
                        descriptionType(fields.text(description, "type", SignalLimits.WORD_CHARS_MAX), fields);
                String sdp = type == Description.Type.CLOSE
                        ? ""
                        : fields.text(description, "sdp", SignalLimits.FRAME_CHARS_MAX);
                bytes += ClientLimits.utf8Length(sdp);
                if (bytes > ClientLimits.DESCRIPTIONS_BYTES_MAX) {
                    fields.fail(Malformed.FIELD_INVALID);
                    return List.of();
                }
                descriptions.add(
                        new ConnectionDescription(id, new Description(type, fields.revision(description), sdp)));
            }
        }
        return descriptions;
    }

    /** Returns the lists of candidates in {@code peer_connections}. Entries without a list are skipped. */
    private static List<ConnectionCandidates> candidates(JsonNode body, JsonFields fields) {
        List<ConnectionCandidates> lists = new ArrayList<>();
        int bytes = 0;
        for (JsonNode connection : fields.objects(body, "peer_connections", ClientLimits.DESCRIPTIONS_MAX)) {
            String id = fields.text(connection, "id", ClientLimits.ID_CHARS_MAX);
            JsonNode ice = fields.optionalObject(connection, "ice");
            String ufrag = ice == null ? null : fields.optionalText(ice, "ufrag", ClientLimits.UFRAG_CHARS_MAX);
            if (ice != null && ufrag != null) {
                ConnectionCandidates list = new ConnectionCandidates(
                        id, ufrag, 0, candidatesOf(ice, fields), fields.flag(ice, "complete", false));
                bytes += list.chargedBytes();
                if (bytes > ClientLimits.CANDIDATES_BYTES_MAX) {
                    fields.fail(Malformed.FIELD_INVALID);
                    return List.of();
                }
                lists.add(list);
            }
        }
        return lists;
    }

    private static List<IceCandidate> candidatesOf(JsonNode ice, JsonFields fields) {
        List<IceCandidate> candidates = new ArrayList<>();
        for (JsonNode each : fields.objects(ice, "candidates", SignalLimits.CANDIDATES_READ_MAX)) {
            JsonNode line = each.path("sdpMLineIndex");
            candidates.add(new IceCandidate(
                    fields.text(each, "candidate", ClientLimits.CANDIDATE_CHARS_MAX),
                    fields.optionalText(each, "sdpMid", ClientLimits.ID_CHARS_MAX),
                    line.canConvertToInt() && line.isIntegralNumber() && line.intValue() >= 0
                            ? line.intValue()
                            : IceCandidate.NO_LINE,
                    fields.optionalText(each, "usernameFragment", ClientLimits.UFRAG_CHARS_MAX)));
        }
        return candidates.size() > ClientLimits.CANDIDATES_MAX
                ? candidates.subList(0, ClientLimits.CANDIDATES_MAX)
                : candidates;
    }

    private static Description.Type descriptionType(String text, JsonFields fields) {
        return switch (text) {
            case "offer" -> Description.Type.OFFER;
            case "answer" -> Description.Type.ANSWER;
            case "close" -> Description.Type.CLOSE;
            default -> {
                // The type create-offer is also invalid here, because only servers send it.
                fields.fail(Malformed.FIELD_INVALID);
                yield Description.Type.CLOSE;
            }
        };
    }

    /**
     * Returns the rules that decide at first which tracks the client receives. A client that sends no rules receives
     * all tracks. Clients send one rule: include all or exclude all.
     */
    private static List<TrackRule> subscribeRules(JsonNode body, JsonFields fields) {
        List<TrackRule> everything = List.of(TrackRule.INCLUDE_ALL);
        JsonNode subscribe = fields.optionalObject(body, "subscribe");
        if (subscribe == null
                || !fields.objects(subscribe, "rules", SignalLimits.RULES_MAX)
                        .iterator()
                        .hasNext()) {
            return everything;
        }
        return RuleGrammar.SUBSCRIBE.read(subscribe.get("rules")).orElseGet(() -> {
            fields.fail(Malformed.FIELD_INVALID);
            return everything;
        });
    }

    private static Set<String> channels(JsonNode body, JsonFields fields) {
        JsonNode channels = fields.optionalObject(body, "media_signaling");
        if (channels == null) {
            return Set.of();
        }
        if (channels.size() > ClientLimits.CHANNELS_MAX) {
            fields.fail(Malformed.LIST_TOO_LONG);
            return Set.of();
        }
        return fields.keys(channels, ClientLimits.CHANNEL_NAME_CHARS_MAX);
    }
}
