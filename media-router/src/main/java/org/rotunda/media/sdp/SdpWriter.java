package org.rotunda.media.sdp;

import java.util.List;

/** Writes a session description as text (RFC 8866 §5). */
final class SdpWriter {
    private static final String END = "\r\n";

    private SdpWriter() {}

    static String write(SessionDescription description) {
        StringBuilder text = new StringBuilder(1024 + 2048 * description.media().size());
        writeLines(text, description.lines());
        for (MediaSection section : description.media()) {
            text.append("m=").append(section.media()).append(' ').append(section.port());
            text.append(' ').append(section.protocol());
            for (String format : section.formats()) {
                text.append(' ').append(format);
            }
            text.append(END);
            writeLines(text, section.lines());
        }
        return text.toString();
    }

    private static void writeLines(StringBuilder text, List<SdpLine> lines) {
        for (SdpLine line : lines) {
            text.append(line.type()).append('=').append(line.value()).append(END);
        }
    }
}
