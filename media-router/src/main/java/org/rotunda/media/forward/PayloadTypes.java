package org.rotunda.media.forward;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** The codecs of a publisher's m-line by payload type. Filled once per negotiation, then only read. */
public final class PayloadTypes {
    private final @Nullable Codec[] codecs = new @Nullable Codec[128];

    /** Maps a payload type, 0–127; returns this map. */
    public PayloadTypes with(int payloadType, Codec codec) {
        codecs[payloadType] = codec;
        return this;
    }

    public @Nullable Codec codecOf(int payloadType) {
        return codecs[payloadType];
    }
}
