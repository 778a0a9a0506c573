package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session description as text in order: nothing is interpreted that is not asked for, so writing a parsed
 * description gives the same lines back (RFC 8866).
 *
 * @param lines the session part, from {@code v=} to the last line before the first m-line
 * @param media the m-lines, in order
 */
public record SessionDescription(List<SdpLine> lines, List<MediaSection> media) {
    public SessionDescription {
        lines = List.copyOf(lines);
        media = List.copyOf(media);
    }

    /** The value of the first session attribute of that name, empty for a flag, null when there is none. */
    public @Nullable String attribute(String name) {
        return SdpLines.first(lines, name);
    }

    public List<String> attributes(String name) {
        return SdpLines.all(lines, name);
    }

    /** The MIDs of the first BUNDLE group, empty when there is none (RFC 9143 §7). */
    public List<String> bundle() {
        for (String group : attributes("group")) {
            if (group.equals("BUNDLE") || group.startsWith("BUNDLE ")) {
                List<String> words = SdpParser.words(group);
                return words.subList(1, words.size());
            }
        }
        return List.of();
    }

    /** The description as text, every line ended by CRLF: the SDK cuts it at "CRLF m=". */
    public String toText() {
        return SdpWriter.write(this);
    }
}
