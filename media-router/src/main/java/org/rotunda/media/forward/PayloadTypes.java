package org.rotunda.media.forward;

import org.jspecify.annotations.Nullable;

/** Which codec each payload type of a publisher's m-section stands for. Filled once per negotiation, then only read. */
public final class PayloadTypes {
    private final @Nullable MediaCodec[] codecs = new @Nullable MediaCodec[128];

    /** Maps a payload type, 0–127; answers itself. */
    public PayloadTypes with(int payloadType, MediaCodec codec) {
        codecs[payloadType] = codec;
        return this;
    }

    public @Nullable MediaCodec codecOf(int payloadType) {
        return codecs[payloadType];
    }
}
