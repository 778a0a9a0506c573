package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.OpusPayload;

/**
 * What is written where audio is missing, so that decoders play a hole as long as it was. ffmpeg, for one, joins the
 * sound on both sides of a hole that is left open.
 *
 * <p>A few lost packets of Opus become packets of one byte, for which the decoder conceals the loss. A longer hole
 * becomes silence: with packets of one byte libopus would go on with its last tone.
 */
public final class AudioFill {
    /** The longest hole that is concealed. */
    static final long CONCEALED_MICROS_MAX = 100_000;

    /** The length of a packet of silence. A hole shorter than this is left open. */
    public static final long SILENCE_MICROS = 20_000;

    private static final byte[] OPUS_SILENCE = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE}; // CELT, full band, mono, 20 ms.
    private static final int CODE_MASK = 0x03;

    private final Codec codec;
    private final ByteBuf silence;
    private int lastToc = OPUS_SILENCE[0] & 0xFF;

    public AudioFill(Codec codec) {
        this.codec = codec;
        silence = Unpooled.wrappedBuffer(codec == Codec.PCMU ? pcmuSilence() : OPUS_SILENCE);
    }

    /** The packets for a hole: {@code count} times the same one, each of which lasts {@code stepMicros}. */
    public record Plan(ByteBuf packet, long stepMicros, long count) {}

    /** Notes a packet that is written. */
    public void onPacket(ByteBuf payload) {
        lastToc = payload.getUnsignedByte(payload.readerIndex());
    }

    /** Returns the packets for a hole of that length. The packet is borrowed, and must not be changed. */
    public Plan plan(long holeMicros, boolean isLoss) {
        if (isLoss && codec == Codec.OPUS && holeMicros <= CONCEALED_MICROS_MAX) {
            ByteBuf concealed = Unpooled.wrappedBuffer(new byte[] {(byte) (lastToc & ~CODE_MASK)});
            long stepMicros = durationMicros(concealed);
            return new Plan(concealed, stepMicros, holeMicros / stepMicros);
        }
        return new Plan(silence, SILENCE_MICROS, holeMicros / SILENCE_MICROS);
    }

    /** Returns the duration of a valid packet. */
    public long durationMicros(ByteBuf payload) {
        int length = payload.readableBytes();
        return codec == Codec.PCMU
                ? length * 125L
                : OpusPayload.durationSamples(payload, payload.readerIndex(), length) * 1_000L / 48;
    }

    /** Returns whether a change of the time before this packet cannot be heard: it holds no sound. */
    public boolean isSilent(ByteBuf payload) {
        return codec == Codec.OPUS && payload.readableBytes() <= OPUS_SILENCE.length;
    }

    private static byte[] pcmuSilence() {
        byte[] silence = new byte[160];
        Arrays.fill(silence, (byte) 0xFF);
        return silence;
    }
}
