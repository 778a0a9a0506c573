package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of an m-line that carries nothing but must not be rejected. It carries nothing because the client has no
 * codec in common with the room. The first m-line of a BUNDLE group describes the transport of all m-lines, so an
 * answer must not reject it (RFC 9143 §7.3.3). Chromium refuses an answer that rejects it. We keep such a line
 * inactive, with a codec of the client.
 *
 * @param formats the payload type of the codec
 * @param attributes the values of the attributes that describe the payload type
 */
record KeptLine(List<String> formats, List<String> attributes) {
    KeptLine {
        formats = List.copyOf(formats);
        attributes = List.copyOf(attributes);
    }

    /**
     * Returns the content that keeps this m-line of the client in our answer: its first payload type and the attributes
     * of this type.
     */
    static KeptLine of(MediaSection section) {
        String format = section.formats().get(0);
        List<String> attributes = new ArrayList<>();
        for (String name : List.of("rtpmap", "fmtp")) {
            section.attributes(name).stream()
                    .filter(value -> value.startsWith(format + " "))
                    .limit(1)
                    .forEach(value -> attributes.add(name + ":" + value));
        }
        return new KeptLine(List.of(format), attributes);
    }
}
