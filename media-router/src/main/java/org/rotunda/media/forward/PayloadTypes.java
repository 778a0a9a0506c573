package org.rotunda.media.forward;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/** Which codec each payload type of a publisher's m-section stands for. Filled once per negotiation, then only read. */
public final class PayloadTypes {
    private final @Nullable Codec[] codecs = new @Nullable Codec[128];

    /** Maps a payload type, 0–127; answers itself. */
    public PayloadTypes with(int payloadType, Codec codec) {
        codecs[payloadType] = codec;
        return this;
    }

    public @Nullable Codec codecOf(int payloadType) {
        return codecs[payloadType];
    }
}
