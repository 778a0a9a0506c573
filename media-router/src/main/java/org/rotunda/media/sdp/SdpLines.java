package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks up attributes in the lines of a session or of one m-line. */
final class SdpLines {
    private SdpLines() {}

    /**
     * Returns the value of the first attribute with that name, an empty text for a flag, or null if there is no
     * attribute.
     */
    static @Nullable String first(List<SdpLine> lines, String name) {
        for (SdpLine line : lines) {
            if (line.isAttribute(name)) {
                return line.attributeValue(name);
            }
        }
        return null;
    }

    static List<String> all(List<SdpLine> lines, String name) {
        List<String> values = new ArrayList<>();
        for (SdpLine line : lines) {
            if (line.isAttribute(name)) {
                values.add(line.attributeValue(name));
            }
        }
        return values;
    }
}
