package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a session description, in order (RFC 8866). Lines are interpreted only on request, so a parsed
 * description is written with the same lines.
 *
 * @param lines the lines before the first m-line
 * @param media the m-lines in order, each with the lines below it
 */
public record SessionDescription(List<SdpLine> lines, List<MediaSection> media) {
    public SessionDescription {
        lines = List.copyOf(lines);
        media = List.copyOf(media);
    }

    /**
     * Returns the value of the first session attribute with that name, an empty text for a flag, or null if there is no
     * attribute.
     */
    public @Nullable String attribute(String name) {
        return SdpLines.first(lines, name);
    }

    public List<String> attributes(String name) {
        return SdpLines.all(lines, name);
    }

    /** Returns the MIDs of the first BUNDLE group; the list is empty if there is no group (RFC 9143 §7). */
    public List<String> bundle() {
        for (String group : attributes("group")) {
            if (group.equals("BUNDLE") || group.startsWith("BUNDLE ")) {
                List<String> words = SdpParser.words(group);
                return words.subList(1, words.size());
            }
        }
        return List.of();
    }

    /** Returns the description as text. Every line ends with CRLF, because the SDK splits the text at "CRLF m=". */
    public String toText() {
        return SdpWriter.write(this);
    }
}
