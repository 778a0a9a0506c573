package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import org.rotunda.media.codec.Codec;

/** The one track of a file: its codec, its name, and what a decoder must know before the first frame. Immutable. */
public final class MediaTrack {
    /** The maximum length of a track's name in a file, in characters. A longer name is cut. */
    public static final int NAME_LENGTH_MAX = 128;

    /** The samples at 48 kHz that an Opus decoder must drop at the start (RFC 7845 §4.2); libopus needs 6.5 ms. */
    static final int OPUS_PRE_SKIP_SAMPLES = 312;

    private static final int WAVE_FORMAT_MULAW = 7;

    private final Codec codec;
    private final String name;
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] codecPrivate;

    private MediaTrack(Codec codec, String name, int width, int height, int channels, byte[] codecPrivate) {
        this.codec = codec;
        this.name = cut(name);
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.codecPrivate = codecPrivate;
    }

    /** Returns a track of Opus with one or two channels. */
    public static MediaTrack opus(String name, int channels) {
        return new MediaTrack(Codec.OPUS, name, 0, 0, channels, opusHead(channels));
    }

    /** Returns a track of G.711 mu-law with 8 kHz. */
    public static MediaTrack pcmu(String name) {
        return new MediaTrack(Codec.PCMU, name, 0, 0, 1, waveFormat());
    }

    /** Returns a track of VP8 with the size of its first frame in pixels. */
    public static MediaTrack vp8(String name, int width, int height) {
        return new MediaTrack(Codec.VP8, name, width, height, 0, new byte[0]);
    }

    /**
     * Returns a track of H.264 with the size of its first frame in pixels.
     *
     * @param configuration the AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3); its bytes are copied
     */
    public static MediaTrack h264(String name, int width, int height, byte[] configuration) {
        return new MediaTrack(Codec.H264, name, width, height, 0, configuration.clone());
    }

    public Codec codec() {
        return codec;
    }

    public String name() {
        return name;
    }

    /** Returns the width in pixels, or 0 for audio. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels, or 0 for audio. */
    public int height() {
        return height;
    }

    /** Returns the number of channels, or 0 for video. */
    public int channels() {
        return channels;
    }

    /** Returns a copy of the bytes of CodecPrivate; it is empty for VP8. */
    public byte[] codecPrivate() {
        return codecPrivate.clone();
    }

    /** Cuts a name without parting the two halves of a surrogate pair. */
    private static String cut(String name) {
        if (name.length() <= NAME_LENGTH_MAX) {
            return name;
        }
        int end = Character.isHighSurrogate(name.charAt(NAME_LENGTH_MAX - 1)) ? NAME_LENGTH_MAX - 1 : NAME_LENGTH_MAX;
        return name.substring(0, end);
    }

    /** Returns the identification header of Opus (RFC 7845 §5.1), which Matroska keeps as CodecPrivate. */
    private static byte[] opusHead(int channels) {
        byte[] head = new byte[19];
        Unpooled.wrappedBuffer(head)
                .clear()
                .writeBytes(new byte[] {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1})
                .writeByte(channels)
                .writeShortLE(OPUS_PRE_SKIP_SAMPLES)
                .writeIntLE(Codec.OPUS.clockRateHz())
                .writeShortLE(0) // The output gain.
                .writeByte(0); // The channel mapping family of mono and stereo.
        return head;
    }

    /** Returns a WAVEFORMATEX of 18 bytes. */
    private static byte[] waveFormat() {
        byte[] format = new byte[18];
        ByteBuf out = Unpooled.wrappedBuffer(format).clear();
        out.writeShortLE(WAVE_FORMAT_MULAW).writeShortLE(1);
        out.writeIntLE(Codec.PCMU.clockRateHz()).writeIntLE(Codec.PCMU.clockRateHz()); // Samples and bytes per second.
        out.writeShortLE(1).writeShortLE(8).writeShortLE(0); // Bytes per sample, bits per sample, extra bytes.
        return format;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MediaTrack that
                && codec == that.codec
                && name.equals(that.name)
                && width == that.width
                && height == that.height
                && channels == that.channels
                && Arrays.equals(codecPrivate, that.codecPrivate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(codec, name, width, height, channels, Arrays.hashCode(codecPrivate));
    }

    @Override
    public String toString() {
        return codec + " " + (codec.isVideo() ? width + "x" + height : channels + " channels");
    }
}
