package org.rotunda.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One m-line of a session description with the lines that follow it (RFC 8866 §5.14).
 *
 * @param media the media type, for instance {@code audio}
 * @param port the port: 9 in WebRTC, but 0 if the m-line is rejected or stopped (RFC 9429 §5.2.1)
 * @param protocol the transport protocol, for instance {@code UDP/TLS/RTP/SAVPF}
 * @param formats payload types, or the one word {@code webrtc-datachannel}
 * @param lines the lines below the m-line, in order
 */
public record MediaSection(String media, int port, String protocol, List<String> formats, List<SdpLine> lines) {
    public MediaSection {
        formats = List.copyOf(formats);
        lines = List.copyOf(lines);
    }

    public MediaKind kind() {
        return MediaKind.of(media);
    }

    /**
     * Returns whether the m-line is rejected. Port 0 rejects an m-line, unless {@code a=bundle-only} says that the line
     * uses only the bundle's port (RFC 9143 §6).
     */
    public boolean isRejected() {
        return port == 0 && attribute("bundle-only") == null;
    }

    public @Nullable String mid() {
        return attribute("mid");
    }

    /** Returns the last direction attribute, or sendrecv if there is none (RFC 8866 §6.7). */
    public Direction direction() {
        Direction found = Direction.SENDRECV;
        for (SdpLine line : lines) {
            for (Direction direction : Direction.values()) {
                if (line.type() == 'a' && line.value().equals(direction.word())) {
                    found = direction;
                }
            }
        }
        return found;
    }

    /**
     * Returns the value of the first attribute with that name, an empty text for a flag, or null if there is no
     * attribute.
     */
    public @Nullable String attribute(String name) {
        return SdpLines.first(lines, name);
    }

    public List<String> attributes(String name) {
        return SdpLines.all(lines, name);
    }
}
