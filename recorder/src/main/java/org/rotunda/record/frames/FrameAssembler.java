package org.rotunda.record.frames;

import org.rotunda.media.codec.Codec;
import org.rotunda.record.order.OrderSink;

/** Makes frames of packets in order. Every implementation is a machine without time, owned by one event loop. */
public interface FrameAssembler extends OrderSink {
    /** The value of {@link #openSequence} when no frame is open. */
    long NONE = -1;

    /** Forgets the stream: another one follows, and begins with a key frame if it is video. */
    void reset();

    /** Returns the number of the first packet of the frame that is not complete yet, or {@link #NONE}. */
    long openSequence();

    /**
     * Returns what a decoder must know before the key frame that was handed out last (CodecPrivate of H.264); empty for
     * other codecs.
     */
    default byte[] configuration() {
        return new byte[0];
    }

    /** Returns an assembler for a codec. */
    static FrameAssembler of(Codec codec, FrameSink sink) {
        return switch (codec) {
            case VP8 -> new Vp8Frames(sink);
            case H264 -> new H264Frames(sink);
            case OPUS, PCMU -> new AudioFrames(codec, sink);
        };
    }
}
