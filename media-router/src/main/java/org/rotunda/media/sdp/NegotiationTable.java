package org.rotunda.media.sdp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state that another node needs to continue a negotiation. It contains only JDK types, so that it can be
 * serialized.
 *
 * @param sessionId the session id in the origin line of our descriptions (RFC 8866 §5.2)
 * @param sessionVersion the version in that origin line
 * @param revision the highest revision of all sent and accepted descriptions
 * @param established whether the first negotiation is complete
 * @param remoteUfrag the client's ICE ufrag; like the password, it is null before the client's first offer
 * @param answeredRevision the revision of the client's last offer that we answered, 0 if there is none
 * @param answer our answer to that offer, which is sent again if the client repeats the offer
 * @param payloads the codecs and payload types of the {@link CodecTable}
 * @param extensions the header extension ids of the {@link CodecTable}, by media type, then by extension
 */
public record NegotiationTable(
        long sessionId,
        long sessionVersion,
        long revision,
        boolean established,
        @Nullable String remoteUfrag,
        @Nullable String remotePwd,
        List<String> remoteFingerprints,
        long answeredRevision,
        @Nullable String answer,
        List<Payload> payloads,
        Map<String, Map<String, Integer>> extensions,
        List<Line> lines) {
    public NegotiationTable {
        remoteFingerprints = List.copyOf(remoteFingerprints);
        payloads = List.copyOf(payloads);
        extensions = Map.copyOf(extensions);
        lines = List.copyOf(lines);
    }

    /** A {@link CodecPayload} with the name of its codec. */
    public record Payload(String codec, int payloadType, int rtxPayloadType, List<String> feedback) {
        public Payload {
            feedback = List.copyOf(feedback);
        }
    }

    /** An {@link OutgoingTrack} on its m-line. */
    public record Track(String trackId, String streamId, long ssrc, long rtxSsrc, String cname) {}

    /**
     * An m-line; {@code kind} and {@code clientDirection} are words of SDP.
     *
     * @param clientRids the RIDs of the encodings that are announced by MID, in the order of {@code clientSsrcs}; an
     *     encoding without RID has an empty text. The list is empty if the description gives the SSRCs
     * @param keptFormats the formats of a {@link KeptLine}; empty for any other line
     */
    public record Line(
            String mid,
            String kind,
            boolean rejected,
            boolean draining,
            @Nullable Track track,
            String clientDirection,
            @Nullable String clientTrackId,
            List<Long> clientSsrcs,
            List<Long> clientRtxSsrcs,
            List<Payload> payloads,
            Map<String, Integer> extensions,
            int sctpPort,
            int maxMessageSizeBytes,
            List<String> clientRids,
            List<String> keptFormats,
            List<String> keptAttributes) {
        public Line {
            clientRids = List.copyOf(clientRids);
            clientSsrcs = List.copyOf(clientSsrcs);
            clientRtxSsrcs = List.copyOf(clientRtxSsrcs);
            if (clientSsrcs.size() != clientRtxSsrcs.size()) {
                throw new IllegalArgumentException("each of " + clientSsrcs.size()
                        + " encodings has an SSRC for RTX, not " + clientRtxSsrcs.size());
            }
            payloads = List.copyOf(payloads);
            extensions = Map.copyOf(extensions);
            keptFormats = List.copyOf(keptFormats);
            keptAttributes = List.copyOf(keptAttributes);
            if (keptFormats.isEmpty() && !keptAttributes.isEmpty()) {
                throw new IllegalArgumentException("attributes of a kept line without a format: " + keptAttributes);
            }
        }
    }
}
