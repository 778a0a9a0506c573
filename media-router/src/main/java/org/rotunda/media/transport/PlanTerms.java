package org.rotunda.media.transport;

import org.rotunda.media.forward.EgressParameters;
import org.rotunda.media.forward.PayloadTypes;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.sdp.CodecPayload;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaPlan;

/** Translates the negotiated payload types and extension ids of an m-line to the types of {@code media.forward}. */
final class PlanTerms {
    private static final int ABSENT = 0; // Extension ids start at 1 (RFC 8285 §4.2).
    private static final String TRANSPORT_FEEDBACK = "transport-cc";
    private static final String REMB = "goog-remb";

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

    /**
     * Returns the id of the header extension that is read from received packets and passed on: the audio level of
     * audio, the content type of video. Returns 0 if it was not negotiated.
     */
    static int sourceExtensionId(MediaPlan.Line line) {
        return extensionId(
                line,
                line.kind() == MediaKind.VIDEO ? HeaderExtension.VIDEO_CONTENT_TYPE : HeaderExtension.AUDIO_LEVEL);
    }

    static boolean hasRtx(MediaPlan.Line line) {
        return line.payloads().stream().anyMatch(CodecPayload::hasRtx);
    }

    private static boolean hasTransportFeedback(MediaPlan.Line line) {
        return hasFeedback(line, TRANSPORT_FEEDBACK);
    }

    /** Returns whether the client takes a limit of its bit rate for the m-line. */
    static boolean hasRemb(MediaPlan.Line line) {
        return hasFeedback(line, REMB);
    }

    private static boolean hasFeedback(MediaPlan.Line line, String feedback) {
        return line.payloads().stream().anyMatch(payload -> payload.feedback().contains(feedback));
    }

    /**
     * Returns the SSRCs, payload types and extension ids for the packets of one subscription on this m-line. The
     * packets carry no MID, because their SSRCs are in the description. They carry a transport-wide sequence number in
     * the two-byte form if the client has negotiated the extension and the feedback about it.
     */
    static EgressParameters egress(MediaPlan.Line line, int ssrc, int rtxSsrc) {
        ExtensionLayout.Builder extensions = ExtensionLayout.builder();
        int transportSequence = extensionId(line, HeaderExtension.TRANSPORT_CC);
        if (transportSequence != ABSENT && hasTransportFeedback(line)) {
            extensions.transportSequence(transportSequence);
        }
        int audioLevel = extensionId(line, HeaderExtension.AUDIO_LEVEL);
        if (audioLevel != ABSENT) {
            extensions.audioLevel(audioLevel);
        }
        EgressParameters.Builder parameters = EgressParameters.builder(ssrc, extensions.build());
        int contentType = extensionId(line, HeaderExtension.VIDEO_CONTENT_TYPE);
        if (contentType != ABSENT) {
            parameters.contentType(extensions.contentType(contentType).build());
        }
        for (CodecPayload payload : line.payloads()) {
            parameters.codec(payload.codec(), payload.payloadType());
            if (payload.hasRtx()) {
                parameters.rtx(payload.codec(), payload.rtxPayloadType(), rtxSsrc);
            }
        }
        return parameters.build();
    }
}
