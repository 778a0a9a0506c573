package org.rotunda.media.testkit;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpLine;
import org.rotunda.media.sdp.SessionDescription;

/**
 * Writes the descriptions of a client that is not the SDK: an offer of one track, and an answer that accepts everything
 * a server offers to send, data channels included. The client is the active side of DTLS. Pure.
 *
 * <p>{@link PeerNegotiation} follows the SDK instead, whose offers have lines for media that nobody sends. Other servers
 * answer such lines in different ways.
 */
public final class PlainDescriptions {
    /** The attributes of an offered line that the answer repeats (RFC 8829 §5.3.1). */
    private static final Set<String> REPEATED = Set.of(
            "mid", "extmap", "rtcp-mux", "rtcp-rsize", "rtpmap", "rtcp-fb", "fmtp", "sctp-port", "max-message-size");

    private PlainDescriptions() {}

    /** Returns an offer to send the line's track. */
    public static String offer(PeerOptions options, PeerLine<?> line, String ufrag, String fingerprint) {
        String mid = Objects.requireNonNull(line.mid());
        PeerSdp sdp = new PeerSdp(options, List.of(mid), ufrag, fingerprint, "active");
        sdp.rtp(line, mid, "sendonly");
        return sdp.toString();
    }

    /** Returns the answer that receives everything that the offer sends, in its formats, and sends nothing. */
    public static String answer(SessionDescription offer, String ufrag, String fingerprint) {
        StringBuilder text = new StringBuilder(4096);
        List<String> mids = offer.media().stream()
                .map(section -> Objects.requireNonNull(section.mid()))
                .toList();
        text.append("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        text.append("a=group:BUNDLE ").append(String.join(" ", mids)).append("\r\n");
        for (MediaSection section : offer.media()) {
            append(text, section, ufrag, fingerprint);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, MediaSection section, String ufrag, String fingerprint) {
        text.append("m=").append(section.media()).append(" 9 ").append(section.protocol());
        section.formats().forEach(format -> text.append(' ').append(format));
        text.append("\r\nc=IN IP4 0.0.0.0\r\n");
        text.append("a=ice-ufrag:").append(ufrag).append("\r\n");
        text.append("a=ice-pwd:").append(PeerIce.password(ufrag)).append("\r\n");
        text.append("a=fingerprint:").append(fingerprint).append("\r\n");
        text.append("a=setup:active\r\n");
        if (section.kind() != MediaKind.APPLICATION) { // Data channels have no direction (RFC 8841 §4).
            text.append(section.direction().sends() ? "a=recvonly\r\n" : "a=inactive\r\n");
        }
        for (SdpLine line : section.lines()) {
            int colon = line.value().indexOf(':');
            String name = colon < 0 ? line.value() : line.value().substring(0, colon);
            if (line.type() == 'a' && REPEATED.contains(name)) {
                text.append("a=").append(line.value()).append("\r\n");
            }
        }
    }
}
