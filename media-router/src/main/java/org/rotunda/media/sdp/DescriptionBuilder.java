package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes our offers and answers from the m-line table (RFC 9429 §5.2, 5.3). */
final class DescriptionBuilder {
    private final long sessionId;
    private long version;

    DescriptionBuilder(long sessionId, long version) {
        this.sessionId = sessionId;
        this.version = version;
    }

    long sessionId() {
        return sessionId;
    }

    long version() {
        return version;
    }

    /** Writes an offer, which leaves the choice of the DTLS role to the client. */
    String offer(MLineTable table, CodecTable codecs, LocalParameters local) {
        SectionBuilder sections = new SectionBuilder(local, "actpass");
        List<MediaSection> media = new ArrayList<>();
        for (MLine line : table.lines()) {
            if (line.rejected) {
                media.add(sections.rejected(line));
            } else if (line.kept != null) {
                media.add(sections.kept(line, line.kept));
            } else if (line.kind == MediaKind.APPLICATION) {
                media.add(sections.application(line));
            } else {
                media.add(sections.rtp(line, line.offered(), codecs.payloads(line.kind), extensions(line, codecs)));
            }
        }
        return describe(table, media);
    }

    /** Writes an answer. Each m-line has the payload types and extension ids of the offer. We are the DTLS server. */
    String answer(MLineTable table, List<MediaSection> offer, LocalParameters local) {
        SectionBuilder sections = new SectionBuilder(local, "passive");
        List<MediaSection> media = new ArrayList<>();
        for (int i = 0; i < offer.size(); i++) {
            MLine line = table.lines().get(i);
            MediaSection offered = offer.get(i);
            if (line.rejected) {
                media.add(sections.rejected(
                        line,
                        offered.media(),
                        offered.protocol(),
                        offered.formats().subList(0, 1)));
            } else if (line.kept != null) {
                media.add(sections.kept(line, line.kept));
            } else if (line.kind == MediaKind.APPLICATION) {
                media.add(sections.application(line));
            } else {
                media.add(sections.rtp(line, line.answered(), line.remote.payloads(), line.remote.extensions()));
            }
        }
        return describe(table, media);
    }

    /**
     * Returns the header extensions of the line's kind. The extensions for RIDs are included only if the client's
     * encodings on the line have RIDs.
     */
    private static Map<HeaderExtension, Integer> extensions(MLine line, CodecTable codecs) {
        Map<HeaderExtension, Integer> ids = codecs.extensions(line.kind);
        if (line.remote.rids().isEmpty()) {
            return ids;
        }
        Map<HeaderExtension, Integer> all = new HashMap<>(ids);
        line.remote.extensions().forEach((extension, id) -> {
            if (extension.isOfRid()) {
                all.put(extension, id);
            }
        });
        return all;
    }

    private String describe(MLineTable table, List<MediaSection> media) {
        version++;
        List<SdpLine> lines = new ArrayList<>();
        lines.add(new SdpLine('v', "0"));
        lines.add(new SdpLine('o', "- " + sessionId + ' ' + version + " IN IP4 127.0.0.1"));
        lines.add(new SdpLine('s', "-"));
        lines.add(new SdpLine('t', "0 0"));
        StringBuilder bundle = new StringBuilder("BUNDLE");
        for (MLine line : table.lines()) {
            if (!line.rejected) {
                bundle.append(' ').append(line.mid);
            }
        }
        lines.add(SdpLine.attribute("group", bundle.toString()));
        lines.add(SdpLine.flag("ice-lite"));
        lines.add(SdpLine.attribute("msid-semantic", " WMS *"));
        return new SessionDescription(lines, media).toText();
    }
}
