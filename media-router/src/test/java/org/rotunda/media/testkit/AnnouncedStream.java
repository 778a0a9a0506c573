package org.rotunda.media.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.media.sdp.MediaSection;

/**
 * A stream that a description of the router announces (RFC 5576 §4).
 *
 * @param rtxSsrc the SSRC of its retransmissions (RFC 4588 §8.8), or 0 if it has none
 */
public record AnnouncedStream(int ssrc, int rtxSsrc) {
    /** Returns the streams of a media section, in the order of the section. */
    public static List<AnnouncedStream> of(MediaSection section) {
        Map<Integer, Integer> rtx = new HashMap<>(); // The key is the SSRC whose packets are retransmitted.
        for (String group : section.attributes("ssrc-group")) {
            // The words are FID, the stream's SSRC and its RTX SSRC.
            String[] words = group.split(" ", -1);
            rtx.put(Integer.parseUnsignedInt(words[1]), Integer.parseUnsignedInt(words[2]));
        }
        return section.attributes("ssrc").stream()
                .map(line -> Integer.parseUnsignedInt(line.substring(0, line.indexOf(' '))))
                .distinct()
                .filter(ssrc -> !rtx.containsValue(ssrc))
                .map(ssrc -> new AnnouncedStream(ssrc, rtx.getOrDefault(ssrc, 0)))
                .toList();
    }
}
