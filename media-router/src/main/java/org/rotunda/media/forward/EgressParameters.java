package org.rotunda.media.forward;

import java.util.Arrays;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.ExtensionLayout;

/**
 * The SSRCs, payload types and extension ids of one subscription's egress streams, as negotiated in the subscriber's
 * m-line. Immutable; each renegotiation makes a new object.
 */
public final class EgressParameters {
    /** Means that the codec, or RTX for the codec, was not negotiated. */
    public static final int NOT_NEGOTIATED = -1;

    private final int ssrc;
    private final int rtxSsrc;
    private final int[] payloadTypes;
    private final int[] rtxPayloadTypes;
    private final ExtensionLayout extensions;
    private final ExtensionLayout extensionsWithContentType;

    private EgressParameters(Builder builder) {
        ssrc = builder.ssrc;
        rtxSsrc = builder.rtxSsrc;
        payloadTypes = builder.payloadTypes.clone();
        rtxPayloadTypes = builder.rtxPayloadTypes.clone();
        extensions = builder.extensions;
        extensionsWithContentType = builder.extensionsWithContentType;
    }

    public static Builder builder(int ssrc, ExtensionLayout extensions) {
        return new Builder(ssrc, extensions);
    }

    public int ssrc() {
        return ssrc;
    }

    public int rtxSsrc() {
        return rtxSsrc;
    }

    public ExtensionLayout extensions() {
        return extensions;
    }

    /**
     * The extensions of a packet whose source packet carries the content type of the video. They are the same as {@link
     * #extensions} if the content type was not negotiated.
     */
    ExtensionLayout extensionsWithContentType() {
        return extensionsWithContentType;
    }

    /** The payload type for the codec, or {@link #NOT_NEGOTIATED}. */
    public int payloadType(Codec codec) {
        return payloadTypes[codec.index()];
    }

    /**
     * The RTX payload type of the codec. If it is {@link #NOT_NEGOTIATED}, as with Firefox, packets are resent
     * unchanged.
     */
    public int rtxPayloadType(Codec codec) {
        return rtxPayloadTypes[codec.index()];
    }

    /** Collects the negotiated values. */
    public static final class Builder {
        private final int ssrc;
        private final ExtensionLayout extensions;
        private final int[] payloadTypes = new int[Codec.COUNT];
        private final int[] rtxPayloadTypes = new int[payloadTypes.length];
        private ExtensionLayout extensionsWithContentType;
        private int rtxSsrc;

        private Builder(int ssrc, ExtensionLayout extensions) {
            this.ssrc = ssrc;
            this.extensions = extensions;
            this.extensionsWithContentType = extensions;
            Arrays.fill(payloadTypes, NOT_NEGOTIATED);
            Arrays.fill(rtxPayloadTypes, NOT_NEGOTIATED);
        }

        public Builder codec(Codec codec, int payloadType) {
            payloadTypes[codec.index()] = payloadType;
            return this;
        }

        /** Sets the RTX payload type for this codec (RFC 4588), and the RTX SSRC for all codecs. */
        public Builder rtx(Codec codec, int payloadType, int newRtxSsrc) {
            rtxPayloadTypes[codec.index()] = payloadType;
            rtxSsrc = newRtxSsrc;
            return this;
        }

        /**
         * Sets the extensions of the few packets that carry the content type of the video. The layout must have all
         * other elements at the same offsets as the layout of the other packets.
         */
        public Builder contentType(ExtensionLayout layout) {
            extensionsWithContentType = layout;
            return this;
        }

        public EgressParameters build() {
            return new EgressParameters(this);
        }
    }
}
