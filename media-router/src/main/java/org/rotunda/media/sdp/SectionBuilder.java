package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.rotunda.media.codec.Codec;

/** Writes our side of one m-line. */
final class SectionBuilder {
    private static final String RTP_PROTOCOL = "UDP/TLS/RTP/SAVPF";
    // The discard port. The candidates contain the real addresses (RFC 9429 §5.2.1).
    private static final int PORT_ANY = 9;

    private final LocalParameters local;
    private final String setup;

    SectionBuilder(LocalParameters local, String setup) {
        this.local = local;
        this.setup = setup;
    }

    MediaSection rtp(
            MLine line, Direction direction, List<CodecPayload> payloads, Map<HeaderExtension, Integer> extensions) {
        List<String> formats = new ArrayList<>();
        List<SdpLine> lines = transport(line);
        extensions.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue()))
                .forEach(entry -> lines.add(SdpLine.attribute(
                        "extmap", entry.getValue() + " " + entry.getKey().uri())));
        lines.add(SdpLine.flag(direction.word()));
        OutgoingTrack track = direction.sends() ? line.track : null;
        if (track != null) {
            lines.add(SdpLine.attribute("msid", track.streamId() + ' ' + track.trackId()));
        }
        lines.add(SdpLine.flag("rtcp-mux"));
        lines.add(SdpLine.flag("rtcp-rsize"));
        boolean rtx = false;
        for (CodecPayload payload : payloads) {
            payload(payload, formats, lines);
            rtx |= payload.hasRtx();
        }
        if (track != null) {
            ssrcs(track, rtx, lines);
        }
        if (direction.receives()) {
            rids(line.remote.rids(), lines);
        }
        return new MediaSection(line.kind.word(), PORT_ANY, RTP_PROTOCOL, formats, lines);
    }

    private static void payload(CodecPayload payload, List<String> formats, List<SdpLine> lines) {
        Codec codec = payload.codec();
        int number = payload.payloadType();
        formats.add(Integer.toString(number));
        lines.add(SdpLine.attribute("rtpmap", number + " " + codec.rtpmap()));
        payload.feedback().stream()
                .sorted()
                .forEach(name -> lines.add(SdpLine.attribute("rtcp-fb", number + " " + name)));
        if (!codec.fmtp().isEmpty()) {
            lines.add(SdpLine.attribute("fmtp", number + " " + codec.fmtp()));
        }
        if (payload.hasRtx()) {
            formats.add(Integer.toString(payload.rtxPayloadType()));
            lines.add(SdpLine.attribute("rtpmap", payload.rtxPayloadType() + " rtx/" + codec.clockRateHz()));
            lines.add(SdpLine.attribute("fmtp", payload.rtxPayloadType() + " apt=" + number));
        }
    }

    /** Writes the lines that accept the client's encodings with RIDs (RFC 8853 §5.3). */
    private static void rids(List<String> rids, List<SdpLine> lines) {
        rids.forEach(rid -> lines.add(SdpLine.attribute("rid", rid + " recv")));
        if (rids.size() > 1) {
            lines.add(SdpLine.attribute("simulcast", "recv " + String.join(";", rids)));
        }
    }

    private static void ssrcs(OutgoingTrack track, boolean rtx, List<SdpLine> lines) {
        boolean hasRtx = rtx && track.rtxSsrc() != OutgoingTrack.NO_RTX;
        if (hasRtx) {
            lines.add(SdpLine.attribute("ssrc-group", "FID " + track.ssrc() + ' ' + track.rtxSsrc()));
        }
        ssrc(track.ssrc(), track, lines);
        if (hasRtx) {
            ssrc(track.rtxSsrc(), track, lines);
        }
    }

    private static void ssrc(long ssrc, OutgoingTrack track, List<SdpLine> lines) {
        lines.add(SdpLine.attribute("ssrc", ssrc + " cname:" + track.cname()));
        lines.add(SdpLine.attribute("ssrc", ssrc + " msid:" + track.streamId() + ' ' + track.trackId()));
    }

    MediaSection application(MLine line) {
        List<SdpLine> lines = transport(line);
        lines.add(SdpLine.attribute("sctp-port", Integer.toString(ApplicationLine.SCTP_PORT)));
        lines.add(SdpLine.attribute("max-message-size", Integer.toString(ApplicationLine.MAX_MESSAGE_SIZE_BYTES)));
        return new MediaSection(
                line.kind.word(), PORT_ANY, ApplicationLine.PROTOCOL, List.of(ApplicationLine.FORMAT), lines);
    }

    /** Writes an m-line that carries nothing and stays inactive, because it must not be rejected. */
    MediaSection kept(MLine line, KeptLine content) {
        List<SdpLine> lines = transport(line);
        lines.add(SdpLine.flag(Direction.INACTIVE.word()));
        lines.add(SdpLine.flag("rtcp-mux"));
        lines.add(SdpLine.flag("rtcp-rsize"));
        content.attributes().forEach(value -> lines.add(new SdpLine('a', value)));
        return new MediaSection(line.kind.word(), PORT_ANY, RTP_PROTOCOL, content.formats(), lines);
    }

    /** Writes a rejected m-line. The line keeps its place (RFC 3264 §6). */
    MediaSection rejected(MLine line, String media, String protocol, List<String> formats) {
        return new MediaSection(
                media,
                0,
                protocol,
                formats,
                List.of(anyAddress(), SdpLine.attribute("mid", line.mid), SdpLine.flag("inactive")));
    }

    MediaSection rejected(MLine line) {
        return line.kind == MediaKind.APPLICATION
                ? rejected(line, line.kind.word(), ApplicationLine.PROTOCOL, List.of(ApplicationLine.FORMAT))
                : rejected(line, line.kind.isRtp() ? line.kind.word() : "text", RTP_PROTOCOL, List.of("0"));
    }

    /** Writes the attributes of the transport. Every m-line repeats them. */
    private List<SdpLine> transport(MLine line) {
        List<SdpLine> lines = new ArrayList<>();
        lines.add(anyAddress());
        for (String candidate : local.candidates()) {
            String value = candidate.startsWith("candidate:") ? candidate.substring("candidate:".length()) : candidate;
            lines.add(SdpLine.attribute("candidate", value));
        }
        lines.add(SdpLine.flag("end-of-candidates"));
        lines.add(SdpLine.attribute("ice-ufrag", local.iceUfrag()));
        lines.add(SdpLine.attribute("ice-pwd", local.icePwd()));
        lines.add(SdpLine.attribute("fingerprint", local.fingerprint()));
        lines.add(SdpLine.attribute("setup", setup));
        lines.add(SdpLine.attribute("mid", line.mid));
        return lines;
    }

    private static SdpLine anyAddress() {
        return new SdpLine('c', "IN IP4 0.0.0.0");
    }
}
