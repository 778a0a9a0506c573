package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the track id and the SSRCs that a client sends on an m-line (RFC 8830, RFC 5576). SIM groups are read as
 * libwebrtc writes them.
 */
final class RemoteStreams {
    static final int ENCODINGS_MAX = 3;

    /** The maximum length of a RID in a one-byte header extension, in bytes. Browsers use shorter RIDs. */
    static final int RID_LENGTH_MAX = 16;

    private static final long SSRC_MAX = 0xFFFF_FFFFL;

    private RemoteStreams() {}

    /** Returns the track id, which is the last word of the first msid. Returns null if there is no track id. */
    static @Nullable String trackId(MediaSection section) {
        String msid = section.attribute("msid");
        if (msid == null) {
            for (String value : section.attributes("ssrc")) {
                int at = value.indexOf(" msid:");
                if (at >= 0) {
                    msid = value.substring(at + " msid:".length());
                    break;
                }
            }
        }
        List<String> words = msid == null ? List.of() : SdpParser.words(msid);
        return words.size() < 2 ? null : words.get(words.size() - 1);
    }

    /**
     * Returns the encodings in the order of the SIM group, lowest layer first. Without a SIM group, returns the first
     * SSRC that is not for RTX. If {@code simulcast} is false, returns only the first encoding.
     */
    static List<MediaPlan.Encoding> encodings(MediaSection section, boolean simulcast) {
        Map<Long, Long> rtxByMedia = new HashMap<>();
        Set<Long> rtx = new HashSet<>();
        List<Long> layers = List.of();
        for (String group : section.attributes("ssrc-group")) {
            List<Long> ssrcs = ssrcs(group);
            if (group.startsWith("FID ")
                    && ssrcs.size() == 2
                    && rtxByMedia.putIfAbsent(ssrcs.get(0), ssrcs.get(1)) == null) {
                rtx.add(ssrcs.get(1));
            } else if (group.startsWith("SIM ") && layers.isEmpty()) {
                layers = ssrcs;
            }
        }
        if (layers.isEmpty()) {
            layers = firstMedia(section, rtx);
        }
        List<MediaPlan.Encoding> encodings = new ArrayList<>();
        for (long ssrc : layers.subList(0, Math.min(layers.size(), simulcast ? ENCODINGS_MAX : 1))) {
            encodings.add(new MediaPlan.Encoding(ssrc, rtxByMedia.getOrDefault(ssrc, OutgoingTrack.NO_RTX)));
        }
        return encodings;
    }

    /**
     * Returns the RIDs that the client sends, in the order of the simulcast attribute. Browsers list the lowest layer
     * first. If the attribute is missing, only the first RID is returned (RFC 8851, RFC 8853 §5.1).
     */
    static List<String> rids(MediaSection section) {
        Set<String> sent = new LinkedHashSet<>();
        for (String value : section.attributes("rid")) {
            List<String> words = SdpParser.words(value);
            if (words.size() >= 2 && words.get(1).equals("send") && isRid(words.get(0))) {
                sent.add(words.get(0));
            }
        }
        List<String> ordered = new ArrayList<>();
        for (String stream : simulcast(section)) {
            // The preferred RID of a stream comes first, and its alternatives follow after a comma.
            int comma = stream.indexOf(',');
            String preferred = comma < 0 ? stream : stream.substring(0, comma);
            // A tilde marks a stream that begins paused.
            String rid = preferred.startsWith("~") ? preferred.substring(1) : preferred;
            if (sent.remove(rid)) {
                ordered.add(rid);
            }
        }
        return ordered.isEmpty() ? sent.stream().limit(1).toList() : ordered;
    }

    /** Returns the streams that the client sends according to the simulcast attribute. */
    private static List<String> simulcast(MediaSection section) {
        String value = section.attribute("simulcast");
        List<String> words = value == null ? List.of() : SdpParser.words(value);
        int send = words.indexOf("send");
        return send < 0 || send + 1 == words.size()
                ? List.of()
                : List.of(words.get(send + 1).split(";", -1));
    }

    private static boolean isRid(String rid) {
        if (rid.isEmpty() || rid.length() > RID_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < rid.length(); i++) {
            char c = rid.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean isDigit = c >= '0' && c <= '9';
            if (!isLetter && !isDigit && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static List<Long> firstMedia(MediaSection section, Set<Long> rtx) {
        for (String value : section.attributes("ssrc")) {
            int blank = value.indexOf(' ');
            long ssrc = SdpParser.number(blank < 0 ? value : value.substring(0, blank), SSRC_MAX);
            if (ssrc >= 0 && !rtx.contains(ssrc)) {
                return List.of(ssrc);
            }
        }
        return List.of();
    }

    /** Returns the SSRCs of a group. The first word of a group is its kind; a malformed group has no word at all. */
    private static List<Long> ssrcs(String group) {
        Set<Long> ssrcs = new LinkedHashSet<>();
        List<String> words = SdpParser.words(group);
        for (int i = 1; i < words.size(); i++) {
            long ssrc = SdpParser.number(words.get(i), SSRC_MAX);
            if (ssrc >= 0) {
                ssrcs.add(ssrc);
            }
        }
        return List.copyOf(ssrcs);
    }
}
