package org.rotunda.media.sdp;

import java.util.Set;
import org.rotunda.media.codec.Codec;

/**
 * A codec of an m-line with its negotiated payload types.
 *
 * @param payloadType the payload type of the media packets
 * @param rtxPayloadType the payload type of the retransmissions (RFC 4588), or {@link #NO_RTX}
 * @param feedback the RTCP feedback that both sides support, for instance {@code nack pli} (RFC 4585 §4.2)
 */
public record CodecPayload(Codec codec, int payloadType, int rtxPayloadType, Set<String> feedback) {
    public static final int NO_RTX = -1;

    public CodecPayload {
        feedback = Set.copyOf(feedback);
    }

    public boolean hasRtx() {
        return rtxPayloadType != NO_RTX;
    }
}
