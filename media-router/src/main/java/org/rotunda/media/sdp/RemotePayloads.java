package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** Reads the payload types that we support from an m-line, in the client's order (RFC 8866 §6.6, 6.15; RFC 4588 §8). */
final class RemotePayloads {
    private static final int PAYLOAD_TYPE_MAX = 127;
    private static final Set<String> VIDEO_FEEDBACK =
            Set.of("nack", "nack pli", "ccm fir", "transport-cc", "goog-remb");
    private static final Set<String> AUDIO_FEEDBACK = Set.of("transport-cc");
    private static final int H264_CONSTRAINT_SET1 = 0x40; // With profile 66 this flag means constrained baseline.

    private final Map<Integer, String> rtpmaps = new HashMap<>();
    private final Map<Integer, String> fmtps = new HashMap<>();
    private final Map<Integer, Set<String>> feedback = new HashMap<>();
    private final Set<String> feedbackOfAll = new HashSet<>();
    private final Map<Integer, Integer> rtxByMedia = new HashMap<>();

    private RemotePayloads(MediaSection section) {
        section.attributes("rtpmap").forEach(value -> putNumbered(rtpmaps, value));
        section.attributes("fmtp").forEach(value -> putNumbered(fmtps, value));
        section.attributes("rtcp-fb").forEach(this::addFeedback);
    }

    static List<CodecPayload> read(MediaSection section, LocalParameters local) {
        return section.kind().isRtp() && section.protocol().endsWith("RTP/SAVPF")
                ? new RemotePayloads(section).select(section, local)
                : List.of();
    }

    private List<CodecPayload> select(MediaSection section, LocalParameters local) {
        // Each payload type is read once, although a client may list it many times with a long fmtp line.
        Set<Integer> payloadTypes = new LinkedHashSet<>();
        for (String format : section.formats()) {
            int payloadType = payloadType(format);
            if (payloadType >= 0) {
                payloadTypes.add(payloadType);
            }
        }
        for (int payloadType : payloadTypes) {
            Integer media = mediaOfRtx(payloadType);
            if (media != null) {
                rtxByMedia.putIfAbsent(media, payloadType);
            }
        }
        List<CodecPayload> payloads = new ArrayList<>();
        Set<Codec> found = EnumSet.noneOf(Codec.class);
        for (int payloadType : payloadTypes) {
            Codec codec = codec(payloadType, section.kind());
            if (codec != null && local.isAllowed(codec) && found.add(codec)) {
                int rtx = rtxByMedia.getOrDefault(payloadType, CodecPayload.NO_RTX);
                payloads.add(new CodecPayload(codec, payloadType, rtx, feedbackOf(payloadType, section.kind())));
            }
        }
        return payloads;
    }

    private @Nullable Integer mediaOfRtx(int payloadType) {
        String rtpmap = rtpmaps.get(payloadType);
        String apt = parameter(payloadType, "apt");
        if (rtpmap == null || apt == null || !rtpmap.toLowerCase(Locale.ROOT).startsWith("rtx/")) {
            return null;
        }
        int media = payloadType(apt);
        return media < 0 ? null : media;
    }

    private @Nullable Codec codec(int payloadType, MediaKind kind) {
        String rtpmap = rtpmaps.get(payloadType);
        if (rtpmap == null) {
            // Payload type 0 without an rtpmap is PCMU (RFC 3551 §6).
            return kind == MediaKind.AUDIO && payloadType == 0 ? Codec.PCMU : null;
        }
        for (Codec codec : Codec.values()) {
            if (MediaKind.of(codec) == kind && matches(codec.rtpmap(), rtpmap)) {
                return codec != Codec.H264 || isConstrainedBaselineMode1(payloadType) ? codec : null;
            }
        }
        return null;
    }

    private static boolean matches(String ours, String theirs) {
        return ours.equalsIgnoreCase(theirs) || theirs.equalsIgnoreCase(ours + "/1");
    }

    private boolean isConstrainedBaselineMode1(int payloadType) {
        String profile = parameter(payloadType, "profile-level-id");
        if (!"1".equals(parameter(payloadType, "packetization-mode")) || profile == null || profile.length() != 6) {
            return false;
        }
        try {
            int id = Integer.parseInt(profile, 16);
            return id >>> 16 == 0x42 && (id >>> 8 & H264_CONSTRAINT_SET1) != 0;
        } catch (NumberFormatException e) {
            return false; // The profile is not hexadecimal, so we refuse this H.264 payload type.
        }
    }

    private @Nullable String parameter(int payloadType, String name) {
        String fmtp = fmtps.get(payloadType);
        if (fmtp == null) {
            return null;
        }
        int start = 0;
        while (start <= fmtp.length()) {
            int semicolon = fmtp.indexOf(';', start);
            int end = semicolon < 0 ? fmtp.length() : semicolon;
            String pair = fmtp.substring(start, end).strip();
            if (pair.length() > name.length()
                    && pair.charAt(name.length()) == '='
                    && pair.regionMatches(true, 0, name, 0, name.length())) {
                return pair.substring(name.length() + 1);
            }
            start = end + 1;
        }
        return null;
    }

    private Set<String> feedbackOf(int payloadType, MediaKind kind) {
        Set<String> both = new HashSet<>(kind == MediaKind.AUDIO ? AUDIO_FEEDBACK : VIDEO_FEEDBACK);
        Set<String> offered = feedback.getOrDefault(payloadType, Set.of());
        both.removeIf(name -> !offered.contains(name) && !feedbackOfAll.contains(name));
        return both;
    }

    private void addFeedback(String value) {
        int blank = value.indexOf(' ');
        if (blank < 0) {
            return;
        }
        String name = value.substring(blank + 1).strip();
        if (value.startsWith("* ")) {
            feedbackOfAll.add(name);
            return;
        }
        int payloadType = payloadType(value.substring(0, blank));
        if (payloadType >= 0) {
            feedback.computeIfAbsent(payloadType, key -> new HashSet<>()).add(name);
        }
    }

    private static void putNumbered(Map<Integer, String> map, String value) {
        int blank = value.indexOf(' ');
        int payloadType = blank < 0 ? -1 : payloadType(value.substring(0, blank));
        if (payloadType >= 0) {
            map.putIfAbsent(payloadType, value.substring(blank + 1).strip());
        }
    }

    /**
     * Returns the payload type, or -1 if the word is no payload type or if rtcp-mux would confuse it with RTCP (RFC
     * 5761 §4).
     */
    private static int payloadType(String word) {
        int number = (int) SdpParser.number(word, PAYLOAD_TYPE_MAX);
        return number >= 64 && number <= 95 ? -1 : number;
    }
}
