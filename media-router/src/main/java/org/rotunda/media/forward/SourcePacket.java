package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.H264Payload;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.VideoContentType;

/**
 * A received packet, parsed once for all its subscribers. The object is a reused view of borrowed plaintext. {@link
 * SourceTrack#onPacket} fills it; the content is valid until the next call, or, in a {@link SourceBatch}, until the batch
 * is cleared.
 */
public final class SourcePacket {
    /** The value of {@link #extensionByte} for a packet without the header extension. */
    public static final int NO_EXTENSION = -1;

    private final Vp8Descriptor vp8 = new Vp8Descriptor();
    private final H264Payload h264 = new H264Payload();

    private ByteBuf plaintext = Unpooled.EMPTY_BUFFER;
    private Codec codec = Codec.VP8;
    private int encoding;
    private long sequence;
    private long behindPackets;
    private long arrivalNanos;
    private int timestamp;
    private boolean marker;
    private int payloadLengthBytes;
    private boolean start;
    private int pictureId;
    private int tl0PicIdx;
    private int temporalId;
    private boolean layerSync;
    private int width;
    private int height;
    private int extensionByte;
    private int payloadOffset;
    private int frameMateBytes;

    /** Parses a packet with a valid header. Returns false if the payload is broken. */
    boolean parse(ByteBuf packet, Codec packetCodec, int extensionId) {
        plaintext = packet;
        codec = packetCodec;
        timestamp = RtpHeader.timestamp(packet);
        marker = RtpHeader.marker(packet);
        payloadLengthBytes = RtpHeader.payloadLengthBytes(packet);
        pictureId = Vp8Descriptor.ABSENT;
        tl0PicIdx = Vp8Descriptor.ABSENT;
        temporalId = 0;
        layerSync = false;
        width = 0;
        height = 0;
        extensionByte = NO_EXTENSION;
        start = !packetCodec.isVideo();
        if (payloadLengthBytes == 0) {
            return true; // The packet has only padding, so there is nothing to parse.
        }
        int payload = packet.readerIndex() + RtpHeader.lengthBytes(packet);
        payloadOffset = payload - packet.readerIndex();
        return switch (packetCodec) {
            case VP8 -> parseVp8(packet, payload) && readContentType(extensionId);
            case H264 -> parseH264(packet, payload) && readContentType(extensionId);
            case OPUS, PCMU -> {
                extensionByte = AudioLevel.read(packet, extensionId);
                yield true;
            }
        };
    }

    /** Reads the content type, which libwebrtc puts on the last packet of a frame. Always returns true. */
    private boolean readContentType(int extensionId) {
        if (marker) {
            extensionByte = VideoContentType.read(plaintext, extensionId);
        }
        return true;
    }

    private boolean parseVp8(ByteBuf packet, int payload) {
        if (!vp8.parse(packet, payload, payloadLengthBytes)) {
            return false;
        }
        start = vp8.isKeyFrameStart();
        pictureId = vp8.pictureId();
        tl0PicIdx = vp8.tl0PicIdx();
        temporalId = Math.max(0, vp8.temporalId());
        layerSync = vp8.isLayerSync();
        width = vp8.width();
        height = vp8.height();
        return true;
    }

    private boolean parseH264(ByteBuf packet, int payload) {
        if (!h264.parse(packet, payload, payloadLengthBytes)) {
            return false;
        }
        start = h264.isKeyFrameStart();
        width = h264.width();
        height = h264.height();
        return true;
    }

    /** Replaces the packet's buffer by a copy with the same readable bytes. */
    void setPlaintext(ByteBuf copy) {
        plaintext = copy;
    }

    void setFrameMateBytes(int lengthBytes) {
        frameMateBytes = lengthBytes;
    }

    /**
     * Returns the payload length that this packet needs so that it has the length of the other packets of its frame in
     * the batch, never less than its own. Known after {@link SourceBatch#measure}.
     */
    public int frameMateBytes() {
        return frameMateBytes;
    }

    /** Returns the offset of the payload from the begin of the packet. Undefined if the packet has no payload. */
    int payloadOffset() {
        return payloadOffset;
    }

    /** Returns the descriptor of a payload of VP8. Undefined for other codecs, and if the packet has no payload. */
    Vp8Descriptor vp8() {
        return vp8;
    }

    void place(int newEncoding, long newSequence, long newBehindPackets, long nowNanos) {
        encoding = newEncoding;
        sequence = newSequence;
        behindPackets = newBehindPackets;
        arrivalNanos = nowNanos;
    }

    /** The whole packet. It is read-only, because all subscribers and the retransmission cache share it. */
    public ByteBuf plaintext() {
        return plaintext;
    }

    public Codec codec() {
        return codec;
    }

    public int encoding() {
        return encoding;
    }

    /**
     * The extended sequence number. Together with the encoding, it identifies the packet in the source-packet cache.
     */
    public long sequence() {
        return sequence;
    }

    /** The distance in sequence numbers to the newest packet of the encoding; 0 for the newest packet. */
    public long behindPackets() {
        return behindPackets;
    }

    public long arrivalNanos() {
        return arrivalNanos;
    }

    public int timestamp() {
        return timestamp;
    }

    public boolean marker() {
        return marker;
    }

    public int payloadLengthBytes() {
        return payloadLengthBytes;
    }

    /**
     * Returns whether a receiver can begin at this packet. This is true for the first packet of a key frame and for
     * every audio packet.
     */
    public boolean isStart() {
        return start;
    }

    public int pictureId() {
        return pictureId;
    }

    public int tl0PicIdx() {
        return tl0PicIdx;
    }

    /** The temporal layer, or 0 if the packet does not state it. */
    public int temporalId() {
        return temporalId;
    }

    public boolean isLayerSync() {
        return layerSync;
    }

    /** The frame width in pixels, or 0 if the packet does not state it. */
    public int width() {
        return width;
    }

    /** The frame height in pixels, or 0 if the packet does not state it. */
    public int height() {
        return height;
    }

    /** The raw audio level byte (RFC 6464), or {@link AudioLevel#NONE}. */
    public int audioLevel() {
        return codec.isVideo() ? AudioLevel.NONE : extensionByte;
    }

    /**
     * The byte of the header extension that is passed on with the packet: the audio level (RFC 6464) of audio, the
     * content type ({@link VideoContentType}) of video, or {@link #NO_EXTENSION}.
     */
    public int extensionByte() {
        return extensionByte;
    }
}
