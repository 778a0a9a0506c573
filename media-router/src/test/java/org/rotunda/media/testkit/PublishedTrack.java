package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.rotunda.media.rtp.RtpHeader;

/**
 * A track that a simulated peer sends: VP8 simulcast with temporal layers, H.264 or Opus. The packets are like those of
 * Chromium, but each has a {@link Stamp} at its end.
 */
public final class PublishedTrack implements PeerTrack {
    /** The codec of the track. */
    public enum Codec {
        OPUS(48_000, PeerSdp.OPUS, 20_000_000),
        VP8(90_000, PeerSdp.VP8, 33_333_333),
        H264(90_000, PeerSdp.H264, 33_333_333);

        private final int clockRateHz;
        private final int payloadType;
        private final long intervalNanos;

        Codec(int clockRateHz, int payloadType, long intervalNanos) {
            this.clockRateHz = clockRateHz;
            this.payloadType = payloadType;
            this.intervalNanos = intervalNanos;
        }

        int clockRateHz() {
            return clockRateHz;
        }
    }

    private static final int[] TEMPORAL_PATTERN = {0, 2, 1, 2};
    private static final int FRAGMENT_BYTES = 300; // Longer fragments would only take more time.

    private static final int AUDIO_BYTES = 24; // The length of packets of audio varies by this.

    private final String trackId;
    private final boolean rtx;
    private final RandomGenerator random;
    private final List<PublishedStream> streams = new ArrayList<>();
    private Codec codec;
    private long nextFrameNanos;
    private int frameDivisor = 1;
    private int fragmentBytes = FRAGMENT_BYTES;
    private int moreParts;
    private int moreKeyFrameParts;
    private int equalParts; // The number of packets of each frame; 0 if it varies.
    private int equalPayloadBytes;
    private boolean screen;
    private boolean screenMarked;
    private long frameNumber;

    PublishedTrack(String trackId, Codec codec, int encodings, boolean rtx, RandomGenerator random) {
        this.trackId = trackId;
        this.codec = codec;
        this.rtx = rtx && codec != Codec.OPUS;
        this.random =
                new SplittableRandom(random.nextLong()); // Does not depend on what else happens in the simulation.
        for (int i = 0; i < encodings; i++) {
            streams.add(new PublishedStream(random));
        }
    }

    /**
     * Raises the bit rate.
     *
     * @param packetBytesMax the largest payload of a packet, beside about 50 bytes
     * @param perFrame the number of packets that each frame has in addition
     * @param perKeyFrame the number of packets that each key frame has in addition, at most 120
     */
    public PublishedTrack withLoad(int packetBytesMax, int perFrame, int perKeyFrame) {
        fragmentBytes = packetBytesMax;
        moreParts = perFrame;
        moreKeyFrameParts = perKeyFrame;
        return this;
    }

    /**
     * Makes all frames of this video alike.
     *
     * @param packets the number of packets of each frame
     * @param payloadBytes the payload length of each packet, with the payload descriptor; at least 64
     */
    public PublishedTrack withEqualPackets(int packets, int payloadBytes) {
        equalParts = packets;
        equalPayloadBytes = payloadBytes;
        return this;
    }

    /** Returns a track with the given id and the same streams as this track. */
    PublishedTrack renamed(String nextTrackId) {
        PublishedTrack track = new PublishedTrack(nextTrackId, codec, 0, rtx, random);
        track.streams.addAll(streams);
        return track;
    }

    @Override
    public String trackId() {
        return trackId;
    }

    public Codec codec() {
        return codec;
    }

    @Override
    public boolean isVideo() {
        return codec != Codec.OPUS;
    }

    /** Returns the number of this track in stamps. It depends only on the track id, so new SSRCs do not change it. */
    public int source() {
        return trackId.hashCode();
    }

    @Override
    public List<PublishedStream> streams() {
        return streams;
    }

    @Override
    public boolean hasRtx() {
        return rtx;
    }

    /** Replaces the streams by new streams with other SSRCs, as a browser does on a new peer connection. */
    void renewStreams(int encodings) {
        streams.clear();
        for (int i = 0; i < encodings; i++) {
            streams.add(new PublishedStream(random));
        }
    }

    /** Sets whether this simulcast encoding is sent. */
    public void setEnabled(int encoding, boolean enabled) {
        streams.get(encoding).enabled = enabled;
        streams.get(encoding).keyFrameWanted |= enabled;
    }

    /** Sets whether this encoding leaves out its frames, like an encoder that lacks bandwidth, without stopping. */
    public void setLeftOut(int encoding, boolean isLeftOut) {
        streams.get(encoding).enabled = !isLeftOut;
    }

    /** Sends only each n-th frame from now on; none if {@code divisor} is 0, like a still screen. */
    public void setFrameDivisor(int divisor) {
        frameDivisor = divisor;
    }

    /** Sets whether the video is a shared screen. Like in Chromium, the last packets of its key frames say so. */
    public void setScreen(boolean isScreen) {
        screen = isScreen;
        requestKeyFrame();
    }

    /** Returns whether the packet at hand says that the video is a shared screen. */
    boolean isScreenMarked() {
        return screenMarked;
    }

    /** Sends this video in another codec from the next frame on, which is a key frame. */
    public void changeCodec(Codec next) {
        codec = next;
        requestKeyFrame();
    }

    /** Requests key frames on all encodings, as one PLI does in Chromium. */
    void requestKeyFrame() {
        streams.forEach(stream -> stream.keyFrameWanted = true);
    }

    /** Receives the plaintext packets of one frame. Each packet is borrowed for the call. */
    interface Sink {
        void onPacket(PublishedStream stream, ByteBuf packet);
    }

    /** Encodes all frames that are due at this time. */
    void onTime(long nowNanos, Sink sink, Consumer<ByteBuf> extensions) {
        if (nextFrameNanos == 0) {
            nextFrameNanos = nowNanos;
        }
        while (nextFrameNanos <= nowNanos) {
            boolean isEncoded = frameDivisor > 0 && frameNumber % frameDivisor == 0;
            frameNumber++;
            if (isEncoded) {
                encodeAll(nextFrameNanos, sink, extensions);
            }
            nextFrameNanos += codec.intervalNanos;
        }
    }

    /** Encodes one frame of each encoding that is sent, captured at this time. */
    void encodeAll(long captureNanos, Sink sink, Consumer<ByteBuf> extensions) {
        for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).enabled) {
                encode(i, captureNanos, sink, extensions);
            }
        }
    }

    private void encode(int encoding, long captureNanos, Sink sink, Consumer<ByteBuf> extensions) {
        PublishedStream stream = streams.get(encoding);
        boolean keyFrame = isVideo() && stream.keyFrameWanted;
        stream.keyFrameWanted = false;
        stream.patternAt = keyFrame ? 0 : stream.patternAt + 1;
        int temporalId = codec == Codec.VP8 ? TEMPORAL_PATTERN[stream.patternAt % TEMPORAL_PATTERN.length] : 0;
        if (temporalId == 0) {
            stream.base++;
            stream.tl0PicIdx = (stream.tl0PicIdx + 1) & 0xFF;
        }
        if (keyFrame) {
            stream.onKeyFrame();
        }
        stream.pictureId = (stream.pictureId + 1) & 0x7FFF;
        int timestamp = stream.timestampAt(captureNanos, codec.clockRateHz);
        stream.lastTimestamp = timestamp;
        int fewest = keyFrame ? 3 + moreKeyFrameParts : 1 + moreParts;
        int parts = isVideo() ? fewest + random.nextInt(2 + encoding) : 1;
        if (isVideo() && equalParts > 0) {
            parts = equalParts;
        }
        for (int part = 0; part < parts; part++) {
            ByteBuf packet = io.netty.buffer.Unpooled.buffer(fragmentBytes * 2);
            boolean isLast = part == parts - 1;
            boolean marker = isVideo() && isLast;
            RtpHeader.write(packet, true, marker, codec.payloadType, stream.sequenceNumber, timestamp, stream.ssrc());
            screenMarked = screen && keyFrame && isLast;
            extensions.accept(packet);
            writePayloadHead(stream, packet, part, isLast, keyFrame, temporalId, encoding);
            packet.writeZero(fillerBytes(packet));
            new Stamp(source(), encoding, stream.frame, part, isLast, keyFrame, temporalId, stream.base, captureNanos)
                    .writeTo(packet);
            stream.packets++;
            stream.octets += RtpHeader.payloadLengthBytes(packet);
            sink.onPacket(stream, packet);
            stream.sequenceNumber = (stream.sequenceNumber + 1) & 0xFFFF;
        }
        stream.frame++;
    }

    private int fillerBytes(ByteBuf packet) {
        int filler = random.nextInt(isVideo() ? fragmentBytes : AUDIO_BYTES);
        return isVideo() && equalParts > 0
                ? equalPayloadBytes - RtpHeader.payloadLengthBytes(packet) - Stamp.LENGTH_BYTES
                : filler;
    }

    private void writePayloadHead(
            PublishedStream stream,
            ByteBuf packet,
            int part,
            boolean isLast,
            boolean keyFrame,
            int temporalId,
            int encoding) {
        switch (codec) {
            case OPUS -> packet.writeByte(0xF8); // 0xF8 is a CELT frame of 20 ms (RFC 6716 §3.1).
            case VP8 -> {
                packet.writeByte(part == 0 ? 0x90 : 0x80).writeByte(0xE0);
                packet.writeShort(0x8000 | stream.pictureId).writeByte(stream.tl0PicIdx);
                packet.writeByte((temporalId << 6) | 0x20);
                if (part == 0 && keyFrame) {
                    packet.writeBytes(new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A});
                    packet.writeShortLE(320 << encoding).writeShortLE(180 << encoding);
                } else {
                    packet.writeByte(1);
                }
            }
            case H264 -> { // A frame is one slice in fragments (RFC 6184 §5.8).
                int nal = keyFrame ? 5 : 1;
                packet.writeByte(0x7C);
                packet.writeByte((part == 0 ? 0x80 : 0) | (isLast ? 0x40 : 0) | nal);
            }
        }
    }
}
