package org.rotunda.gateway.rest;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.NameFault;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.StorableText;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.rules.RuleGrammar;
import org.rotunda.room.rules.TrackSelection;

/** Checks the parameters of a new room. */
final class RoomParameters {
    private static final int GROUP_PARTICIPANTS_DEFAULT = 50;
    private static final int DURATION_DEFAULT_SECONDS = 14_400;
    private static final int DURATION_MIN_SECONDS = 600;
    private static final int DURATION_MAX_SECONDS = 86_400;
    private static final int TIMEOUT_DEFAULT_MINUTES = 5;
    private static final int TIMEOUT_MAX_MINUTES = 60;
    private static final int CALLBACK_LENGTH_MAX = 1023;
    private static final int PORT_MAX = 65_535;

    /** The form of a room SID as the public API defines it. Our own SIDs have only lower-case letters. */
    private static final Pattern LIKE_A_SID = Pattern.compile("RM[0-9a-fA-F]{32}");

    /**
     * The value that asks for the region nearest to the caller. The region of this server always counts as the nearest.
     */
    private static final String NEAREST = "gll";

    /**
     * The regions of Twilio. They are accepted and shown, so that Twilio's clients need no change. The media always
     * stays on this cluster.
     */
    private static final Set<String> REGIONS = Set.of("au1", "br1", "de1", "ie1", "in1", "jp1", "sg1", "us1", "us2");

    private final Parameters form;
    private final RestSettings settings;

    RoomParameters(Parameters form, RestSettings settings) {
        this.form = form;
        this.settings = settings;
    }

    /** Returns the unique name, or an empty text for a room without a unique name. */
    String uniqueName() {
        String name = form.uncheckedText("UniqueName");
        if (name == null) {
            return "";
        }
        NameFault fault = NameFault.of(name);
        if (fault == NameFault.TOO_LONG) {
            throw fault(RoomError.ROOM_NAME_TOO_LONG);
        }
        if (fault == NameFault.CHARS) {
            throw fault(RoomError.ROOM_NAME_CHARS_INVALID);
        }
        if (fault != null || LIKE_A_SID.matcher(name).matches()) {
            throw fault(RoomError.ROOM_NAME_INVALID); // The name would be taken for a SID.
        }
        return name;
    }

    RoomProperties properties() {
        RoomType type = type();
        boolean relayed = type.hasMediaServer();
        boolean audioOnly = form.flag("AudioOnly", false);
        if (audioOnly && type != RoomType.GROUP) {
            throw fault(RoomError.AUDIO_ONLY_NOT_SUPPORTED);
        }
        boolean record = form.flag("RecordParticipantsOnConnect", false);
        List<TrackRule> recordingRules = recordingRules();
        if (!relayed && (record || !recordingRules.isEmpty())) {
            throw fault(RoomError.RECORDING_NOT_SUPPORTED);
        }
        if (!relayed && (form.text("VideoCodecs") != null || form.text("MediaRegion") != null)) {
            throw fault(RoomError.ROOM_PARAMETERS_INCOMPATIBLE);
        }
        List<VideoCodec> videoCodecs = videoCodecs(); // Also checked for an audio-only room, which has none.
        int max = type == RoomType.GROUP ? settings.participantsMax() : type.participantsMax();
        RoomProperties properties = new RoomProperties(
                type,
                form.number(
                        "MaxParticipants",
                        Math.min(max, GROUP_PARTICIPANTS_DEFAULT),
                        1,
                        max,
                        fault(RoomError.ROOM_MAX_PARTICIPANTS_OUT_OF_RANGE)),
                form.number(
                        "MaxParticipantDuration",
                        DURATION_DEFAULT_SECONDS,
                        DURATION_MIN_SECONDS,
                        DURATION_MAX_SECONDS,
                        fault(RoomError.MAX_PARTICIPANT_DURATION_OUT_OF_RANGE)),
                timeout("EmptyRoomTimeout"),
                timeout("UnusedRoomTimeout"),
                record,
                audioOnly ? List.of() : videoCodecs,
                relayed ? mediaRegion() : "",
                audioOnly,
                form.flag("LargeRoom", false),
                statusCallback(),
                statusCallbackMethod(),
                recordingRules);
        requireAvailable(properties);
        return properties;
    }

    /**
     * Refuses valid parameters that this version does not support, so that callers notice the missing feature at once.
     */
    private void requireAvailable(RoomProperties properties) {
        if (TrackSelection.canSelect(properties.recordingRules(), properties.recordParticipantsOnConnect())
                && !settings.recordingSimulated()) {
            throw fault(RoomError.RECORDING_NOT_SUPPORTED);
        }
        Json.requireObject(form, "TranscriptionsConfiguration");
        if (form.flag("TranscribeParticipantsOnConnect", false)) {
            throw ApiFault.notAvailableParameter("TranscribeParticipantsOnConnect");
        }
    }

    /** Returns the recording rules; empty if there are none. */
    private List<TrackRule> recordingRules() {
        String rules = form.uncheckedText("RecordingRules");
        return rules == null
                ? List.of()
                : RuleGrammar.RECORDING.read(rules).orElseThrow(() -> fault(RoomError.RECORDING_RULES_INVALID));
    }

    private RoomType type() {
        String text = form.text("Type");
        if (text == null) {
            return RoomType.GROUP;
        }
        for (RoomType type : RoomType.values()) {
            if (type.wireName().equals(text)) {
                return type;
            }
        }
        throw fault(RoomError.ROOM_TYPE_INVALID);
    }

    private int timeout(String name) {
        return form.number(
                name, TIMEOUT_DEFAULT_MINUTES, 1, TIMEOUT_MAX_MINUTES, fault(RoomError.ROOM_TIMEOUT_OUT_OF_RANGE));
    }

    private List<VideoCodec> videoCodecs() {
        List<VideoCodec> codecs = new ArrayList<>();
        for (String text : form.list("VideoCodecs")) {
            VideoCodec codec = switch (text) {
                case "VP8" -> VideoCodec.VP8;
                case "H264" -> VideoCodec.H264;
                default -> throw ApiFault.invalid("VideoCodecs");
            };
            if (!codecs.contains(codec)) {
                codecs.add(codec);
            }
        }
        return codecs.isEmpty() ? List.of(VideoCodec.VP8, VideoCodec.H264) : codecs;
    }

    private String mediaRegion() {
        String region = form.text("MediaRegion");
        if (region == null || region.equals(NEAREST)) {
            return settings.region();
        }
        if (!region.equals(settings.region()) && !REGIONS.contains(region)) {
            throw fault(RoomError.MEDIA_REGION_INVALID);
        }
        return region;
    }

    private @Nullable String statusCallback() {
        String url = form.uncheckedText("StatusCallback");
        if (url == null) {
            return null;
        }
        if (!StorableText.isStorable(url) || url.length() > CALLBACK_LENGTH_MAX || !isAbsoluteHttp(url)) {
            throw fault(RoomError.STATUS_CALLBACK_INVALID);
        }
        return url;
    }

    private static boolean isAbsoluteHttp(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && uri.getPort() <= PORT_MAX
                    && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String statusCallbackMethod() {
        String method = form.uncheckedText("StatusCallbackMethod");
        if (method == null) {
            return "POST";
        }
        if (!method.equals("POST") && !method.equals("GET")) {
            throw fault(RoomError.STATUS_CALLBACK_METHOD_INVALID);
        }
        return method;
    }

    private static ApiFault fault(RoomError error) {
        return ApiFault.badRequest(error.code(), error.message());
    }
}
