package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.OpusPayload;
import org.rotunda.record.order.MediaPacket;

/** Makes frames of Opus (RFC 7587) and PCMU: each packet is a frame, and its payload is unchanged. */
final class AudioFrames implements FrameAssembler {
    /** The maximum length of a packet of PCMU: 120 ms, as for Opus. */
    private static final int PCMU_LENGTH_MAX = 960;

    private final Codec codec;
    private final FrameSink sink;
    private boolean lost;

    AudioFrames(Codec codec, FrameSink sink) {
        this.codec = codec;
        this.sink = sink;
    }

    @Override
    public void packet(MediaPacket packet) {
        ByteBuf payload = packet.payload();
        if (!payload.isReadable()) {
            sink.dropped(FrameDrop.EMPTY);
            packet.release();
            return;
        }
        if (!isValid(payload)) {
            sink.dropped(FrameDrop.MALFORMED);
            lost = true;
            packet.release();
            return;
        }
        boolean afterLoss = lost;
        lost = false;
        sink.frame(new Frame(
                packet.sequence(), packet.timestamp(), packet.arrivalMicros(), true, 0, 0, afterLoss, payload));
    }

    private boolean isValid(ByteBuf payload) {
        int length = payload.readableBytes();
        return codec == Codec.PCMU
                ? length <= PCMU_LENGTH_MAX
                : OpusPayload.durationSamples(payload, payload.readerIndex(), length) != OpusPayload.INVALID;
    }

    @Override
    public void missing(long first, long last) {
        lost = true;
    }

    @Override
    public void reset() {
        lost = false;
    }

    @Override
    public long openSequence() {
        return NONE;
    }
}
