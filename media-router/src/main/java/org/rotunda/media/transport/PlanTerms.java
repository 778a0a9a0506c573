package org.rotunda.media.transport;

import org.rotunda.media.forward.EgressParameters;
import org.rotunda.media.forward.PayloadTypes;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.sdp.CodecPayload;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaPlan;

/** Translates the negotiated payload types and extension ids of an m-line to the types of {@code media.forward}. */
final class PlanTerms {
    private static final int ABSENT = 0; // Extension ids start at 1 (RFC 8285 §4.2).

    private PlanTerms() {}

    static PayloadTypes payloadTypes(MediaPlan.Line line) {
        PayloadTypes types = new PayloadTypes();
        for (CodecPayload payload : line.payloads()) {
            types.with(payload.payloadType(), payload.codec());
        }
        return types;
    }

    static int extensionId(MediaPlan.Line line, HeaderExtension extension) {
        return line.extensions().getOrDefault(extension, ABSENT);
    }

    static boolean hasRtx(MediaPlan.Line line) {
        return line.payloads().stream().anyMatch(CodecPayload::hasRtx);
    }

    /**
     * Returns the SSRCs, payload types and extension ids for the packets of one subscription on this m-line. The
     * packets carry no MID, because their SSRCs are in the description. They carry no transport-wide sequence number,
     * because no congestion control reads the client's transport-wide feedback yet.
     */
    static EgressParameters egress(MediaPlan.Line line, int ssrc, int rtxSsrc) {
        ExtensionLayout.Builder extensions = ExtensionLayout.builder();
        int audioLevel = extensionId(line, HeaderExtension.AUDIO_LEVEL);
        if (audioLevel != ABSENT) {
            extensions.audioLevel(audioLevel);
        }
        EgressParameters.Builder parameters = EgressParameters.builder(ssrc, extensions.build());
        for (CodecPayload payload : line.payloads()) {
            parameters.codec(payload.codec(), payload.payloadType());
            if (payload.hasRtx()) {
                parameters.rtx(payload.codec(), payload.rtxPayloadType(), rtxSsrc);
            }
        }
        return parameters.build();
    }
}
