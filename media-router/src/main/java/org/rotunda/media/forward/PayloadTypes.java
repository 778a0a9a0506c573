package org.rotunda.media.forward;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** The codecs of a publisher's m-line by payload type. The map is filled once per negotiation and then only read. */
public final class PayloadTypes {
    private final @Nullable Codec[] codecs = new @Nullable Codec[128];

    /** Assigns a codec to a payload type (0–127). Returns this object. */
    public PayloadTypes with(int payloadType, Codec codec) {
        codecs[payloadType] = codec;
        return this;
    }

    public @Nullable Codec codecOf(int payloadType) {
        return codecs[payloadType];
    }
}
