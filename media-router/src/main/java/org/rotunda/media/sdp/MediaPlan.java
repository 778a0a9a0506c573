package org.rotunda.media.sdp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.stun.IceCredentials;

/**
 * The media of one peer connection after a completed negotiation: the whole, not a difference.
 *
 * @param revision of the negotiation
 * @param lines every live audio and video m-line; rejected ones are left out
 * @param localIce the credentials our last description carries: new after an ICE restart
 * @param remoteFingerprints values of the client's fingerprints; the certificate must match one
 * @param iceRestart true if this negotiation brought new ICE credentials of the client
 * @param application the data channel transport, null while there is none
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
     * @param incoming the client's track on it, null while it sends none
     * @param outgoing our track on it, null while we send none
     * @param payloads the codecs of both directions, the client's preferred one first
     * @param extensions ids of the RTP header extensions
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
     * @param trackId the id in {@code participant.tracks}; null if the client names none
     * @param encodings lowest simulcast layer first, mostly one; empty when the client signals no SSRC and only the MID
     *     header extension tells. After the SDK reverts simulcast only the first is used, without being signaled
     */
    public record Incoming(@Nullable String trackId, List<Encoding> encodings) {
        public Incoming {
            encodings = List.copyOf(encodings);
        }
    }

    /** @param rtxSsrc of the retransmissions, or {@link OutgoingTrack#NO_RTX} */
    public record Encoding(long ssrc, long rtxSsrc) {}

    /** @param maxMessageSizeBytes the largest message the client takes (RFC 8841 §6) */
    public record Application(String mid, int sctpPort, int maxMessageSizeBytes) {}
}
