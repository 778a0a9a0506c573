package org.rotunda.media.sdp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.stun.IceCredentials;

/**
 * All media of one peer connection after a completed negotiation.
 *
 * @param revision the revision of the negotiation
 * @param lines all audio and video m-lines with a common codec that are not rejected
 * @param localIce our ICE credentials from our last description; an ICE restart changes them
 * @param remoteFingerprints the fingerprints that the client announced for its certificate
 * @param iceRestart true if this negotiation brought new ICE credentials of the client
 * @param application the data channel transport; null if there is no m-line for it
 */
public record MediaPlan(
        long revision,
        List<Line> lines,
        IceCredentials localIce,
        IceCredentials remoteIce,
        List<String> remoteFingerprints,
        boolean iceRestart,
        @Nullable Application application) {
    public MediaPlan {
        lines = List.copyOf(lines);
        remoteFingerprints = List.copyOf(remoteFingerprints);
    }

    /**
     * One m-line.
     *
     * @param incoming the client's track on the line; null if the client sends no track
     * @param outgoing our track on the line; null if we send no track
     * @param payloads the codecs of both directions, the client's preferred codec first
     * @param extensions the ids of the RTP header extensions
     */
    public record Line(
            String mid,
            MediaKind kind,
            @Nullable Incoming incoming,
            @Nullable OutgoingTrack outgoing,
            List<CodecPayload> payloads,
            Map<HeaderExtension, Integer> extensions) {
        public Line {
            payloads = List.copyOf(payloads);
            extensions = Map.copyOf(extensions);
        }
    }

    /**
     * A track of the client.
     *
     * @param trackId the msid track id; null if the client gives no id
     * @param encodings the encodings of the track, lowest simulcast layer first. The list is empty if the client
     *     announces no stream that we can find. The SDK may stop simulcast without a new description; it then sends
     *     only the first encoding
     */
    public record Incoming(@Nullable String trackId, List<Encoding> encodings) {
        public Incoming {
            encodings = List.copyOf(encodings);
        }
    }

    /**
     * The SSRCs of one encoding. The SSRCs come from the description or from the packets. If they come from the
     * packets, the encoding is announced by the MID of its m-line and the RID (RFC 8843 §9.2, RFC 8852), and its SSRCs
     * are {@link #NO_SSRC} until the first packets.
     *
     * @param ssrc the SSRC, or {@link #NO_SSRC}
     * @param rtxSsrc the SSRC of the retransmissions, or {@link OutgoingTrack#NO_RTX}
     * @param rid the RID of an encoding that is announced by MID, empty if its packets need no RID; null if the
     *     description gives the SSRC
     */
    public record Encoding(
            long ssrc, long rtxSsrc, @Nullable String rid) {
        public static final long NO_SSRC = -1;

        /** Makes an encoding whose SSRCs come from the description. */
        public Encoding(long ssrc, long rtxSsrc) {
            this(ssrc, rtxSsrc, null);
        }

        /** Returns an encoding whose SSRCs will come from its packets. */
        static Encoding announced(String rid) {
            return new Encoding(NO_SSRC, OutgoingTrack.NO_RTX, rid);
        }

        public boolean hasSsrc() {
            return ssrc != NO_SSRC;
        }
    }

    /**
     * The data channel transport.
     *
     * @param maxMessageSizeBytes the largest message that the client accepts (RFC 8841 §6)
     */
    public record Application(String mid, int sctpPort, int maxMessageSizeBytes) {}
}
