package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.rotunda.load.bot.source.FrameStamp;
import org.rotunda.load.bot.source.VideoSource;
import org.rotunda.load.bot.source.Vp8Packetizer;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.testkit.PeerSdp;

/**
 * A VP8 track like that of Chromium. All layers of a frame are sent at the same time, and the packets of a frame are
 * almost equal in size. A key-frame request produces key frames on all layers.
 *
 * <p>A frame is sent in bursts of at most {@link #BURST_PACKETS_MAX} packets, as by libwebrtc's pacer.
 */
final class VideoOut extends BotTrack {
    /**
     * The maximum number of packets in one burst. libwebrtc's pacer sends at 2.5 times the bit rate, and one of its
     * bursts has the packets of 40 ms. The bit rate of three layers is 3.15 Mbit/s.
     */
    static final int BURST_PACKETS_MAX = 32;

    /** The pause between two bursts of a frame. */
    static final long BURST_INTERVAL_NANOS = 5_000_000L;

    /** The shortest interval between two key frames, as in libwebrtc's encoder. */
    static final long KEY_FRAME_INTERVAL_NANOS = 300_000_000L;

    private static final long FRAME_NANOS = 1_000_000_000L / VideoSource.FRAMES_PER_SECOND;

    /**
     * The maximum delay of a frame. If a frame is later than this, its capture time becomes the current time, and the
     * bot does not make up for the frames that it has missed.
     */
    private static final long BEHIND_NANOS_MAX = 500_000_000L;

    private final VideoSource video;
    private final long unixMinusMonotonicNanos;
    private long captureNanos; // The capture time of the current frame or, between frames, of the next frame.
    private long resumeNanos = Long.MIN_VALUE; // The time of the next burst of the current frame.
    private int position;
    private int frameNumber;
    private int frameLayers; // The layers of the current frame that are not complete.
    private int layer;
    private int packet; // The index of the next packet in the current frame and layer.
    private boolean inFrame;
    private boolean keyRequested;
    private long keyNanos = Long.MIN_VALUE / 2;
    private long keyFrames;
    private long requests;
    private int layersSent = BotSignals.ALL_LAYERS; // A mask of bits; bit 0 is the lowest layer.

    VideoOut(
            String name,
            String trackId,
            VideoSource video,
            RandomGenerator random,
            long nowNanos,
            long unixMinusMonotonicNanos) {
        super(name, trackId, streams(video.layers(), random, nowNanos, unixMinusMonotonicNanos), random);
        this.video = video;
        this.unixMinusMonotonicNanos = unixMinusMonotonicNanos;
        captureNanos = nowNanos + random.nextLong(FRAME_NANOS); // Cameras are not synchronized, so the phase is random.
    }

    private static List<OutgoingStream> streams(int layers, RandomGenerator random, long now, long unixMinusMonotonic) {
        List<OutgoingStream> streams = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            streams.add(new OutgoingStream(random, true, now, unixMinusMonotonic));
        }
        return streams;
    }

    @Override
    BotTrack renewed(RandomGenerator random, long nowNanos) {
        VideoOut renewed = new VideoOut(name(), trackId(), video, random, nowNanos, unixMinusMonotonicNanos);
        renewed.layersSent = layersSent;
        return renewed;
    }

    @Override
    public boolean isVideo() {
        return true;
    }

    @Override
    public boolean hasRtx() {
        return true;
    }

    @Override
    void onKeyFrameRequest(long nowNanos) {
        requests++;
        keyRequested = true;
    }

    /**
     * Sends only these layers from the next frame on, as a mask of bits; bit 0 is the lowest layer. A layer that comes
     * back begins with a key frame, as in libwebrtc.
     */
    void sendLayers(int mask) {
        keyRequested |= (mask & ~layersSent) != 0;
        layersSent = mask;
    }

    long keyFrames() {
        return keyFrames;
    }

    long keyFrameRequests() {
        return requests;
    }

    @Override
    long nextDeadlineNanos() {
        return extensions() == null ? NO_DEADLINE : inFrame ? resumeNanos : captureNanos;
    }

    @Override
    void onTime(long nowNanos, Sink sink) {
        TrackExtensions extensions = extensions();
        if (extensions == null) {
            return;
        }
        while (nowNanos >= nextDeadlineNanos()) {
            if (!inFrame) {
                beginFrame(nowNanos);
            }
            sendBurst(nowNanos, extensions, sink);
        }
    }

    private void beginFrame(long nowNanos) {
        // The capture time changes only before a frame, because all packets of a frame have one timestamp.
        if (nowNanos - captureNanos > BEHIND_NANOS_MAX) {
            captureNanos = nowNanos;
        }
        if (keyRequested && nowNanos - keyNanos >= KEY_FRAME_INTERVAL_NANOS) {
            position = 0;
        }
        frameLayers = layersSent & ((1 << streams().size()) - 1);
        if (position == 0) {
            keyRequested = false;
            keyNanos = nowNanos;
            keyFrames += Integer.bitCount(frameLayers);
        }
        inFrame = true;
        layer = Integer.numberOfTrailingZeros(frameLayers);
        packet = 0;
    }

    private void sendBurst(long nowNanos, TrackExtensions extensions, Sink sink) {
        if (frameLayers == 0) {
            endFrame();
            return;
        }
        for (int sent = 0; sent < BURST_PACKETS_MAX; sent++) {
            int frameBytes = video.lengthBytes(layer, position) + FrameStamp.LENGTH_BYTES;
            sendPacket(frameBytes, extensions.ofMedia(layer), sink, nowNanos);
            packet++;
            if (packet == Vp8Packetizer.packets(frameBytes)) {
                packet = 0;
                frameLayers &= frameLayers - 1; // Clears the bit of the layer that is complete.
                if (frameLayers == 0) {
                    endFrame();
                    return;
                }
                layer = Integer.numberOfTrailingZeros(frameLayers);
            }
        }
        resumeNanos = nowNanos + BURST_INTERVAL_NANOS;
    }

    private void endFrame() {
        inFrame = false;
        frameNumber++;
        position = position + 1 == video.frames() ? 0 : position + 1;
        captureNanos += FRAME_NANOS;
    }

    private void sendPacket(int frameBytes, ExtensionLayout layout, Sink sink, long nowNanos) {
        OutgoingStream stream = streams().get(layer);
        int temporalId = video.temporalId(position);
        if (packet == 0) {
            stream.nextPicture(temporalId);
        }
        boolean last = packet == Vp8Packetizer.packets(frameBytes) - 1;
        int number = stream.takeSequenceNumber();
        ByteBuf out = sink.newPacket();
        RtpHeader.write(
                out, !layout.isEmpty(), last, PeerSdp.VP8, number, stream.timestampAt(captureNanos), stream.ssrc());
        layout.writeTo(out);
        int header = out.readableBytes();
        Vp8Packetizer.writeDescriptor(
                out, packet == 0, stream.pictureId(), stream.tl0PicIdx(), temporalId, video.isLayerSync(position));
        int offset = Vp8Packetizer.offset(frameBytes, packet);
        int length = Vp8Packetizer.lengthBytes(frameBytes, packet);
        int encoded = last ? length - FrameStamp.LENGTH_BYTES : length;
        video.writeTo(out, layer, position, offset, encoded);
        if (last) {
            FrameStamp.write(out, source(), layer, position == 0, frameNumber, System.nanoTime());
        }
        stream.statistics().onSent(out.readableBytes() - header);
        sink.send(out, layout);
        stream.history().put(number, out, nowNanos);
        out.release();
    }
}
