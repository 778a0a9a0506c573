package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.record.order.MediaPacket;

/**
 * Makes frames of VP8 (RFC 7741). The payload descriptors are taken off.
 *
 * <p>A frame with a missing packet is dropped. What follows it is dropped up to the next key frame, unless the ids in
 * the descriptors show that no frame is missing that others refer to: the missing one was discardable (N), or only
 * frames of upper temporal layers are missing. Then the frames of the base layer go on at once, and those of an upper
 * layer at its next sync frame (Y).
 */
final class Vp8Frames implements FrameAssembler {
    private static final int LAYERS = 4;
    private static final int TL0_MASK = 0xFF;
    private static final int SHORT_ID_MASK = 0x7F;

    private final FrameSink sink;
    private final Vp8Descriptor descriptor = new Vp8Descriptor();
    private final OpenFrame open = new OpenFrame();
    private final boolean[] broken = new boolean[LAYERS]; // By temporal layer: a frame of it may refer to a lost one.

    private boolean waitsForKeyFrame = true;
    private boolean lossPending; // Packets are missing, and no frame has started since.
    private boolean incomplete; // The frame before the loss lacks packets.
    private boolean incompleteIsDiscardable;
    private int lastPictureId = Vp8Descriptor.ABSENT;
    private boolean lastPictureIdLong;
    private int baseTl0PicIdx = Vp8Descriptor.ABSENT; // Of the last frame of the base layer that was handed out.
    private boolean afterLoss;

    // Of the open frame.
    private long firstSequence;
    private int timestamp;
    private long arrivalMicros;
    private boolean keyFrame;
    private boolean discardable;
    private int width;
    private int height;
    private int temporalId;
    private int tl0PicIdx;

    Vp8Frames(FrameSink sink) {
        this.sink = sink;
    }

    @Override
    public void packet(MediaPacket packet) {
        ByteBuf payload = packet.payload();
        int length = payload.readableBytes();
        if (length == 0) {
            sink.dropped(FrameDrop.EMPTY);
        } else if (!descriptor.parse(payload, payload.readerIndex(), length)) {
            sink.dropped(FrameDrop.MALFORMED);
            missing(packet.sequence(), packet.sequence());
        } else {
            if (descriptor.isFrameStart()) {
                start(packet);
            } else if (open.isOpen() && packet.timestamp() != timestamp) {
                missing(packet.sequence(), packet.sequence()); // The end of the open frame never came.
            }
            if (open.isOpen()) {
                add(packet);
            }
        }
        packet.release();
    }

    private void start(MediaPacket packet) {
        if (open.isOpen()) {
            missing(packet.sequence(), packet.sequence()); // The frame before has no end.
        }
        keyFrame = descriptor.isKeyFrameStart();
        FrameDrop drop = decide();
        lastPictureId = descriptor.pictureId();
        lastPictureIdLong = descriptor.isPictureIdLong();
        lossPending = false;
        incomplete = false;
        if (drop != null) {
            sink.dropped(drop);
            return;
        }
        open.begin();
        firstSequence = packet.sequence();
        timestamp = packet.timestamp();
        arrivalMicros = packet.arrivalMicros();
        discardable = descriptor.isDiscardable();
        width = descriptor.width();
        height = descriptor.height();
        temporalId = Math.max(0, descriptor.temporalId());
        tl0PicIdx = descriptor.tl0PicIdx();
    }

    /** Returns why the frame that starts must be dropped, or null if it can be decoded. */
    private @Nullable FrameDrop decide() {
        if (keyFrame) {
            if (descriptor.width() == 0 || descriptor.height() == 0) {
                loseKeyFrame();
                return FrameDrop.MALFORMED;
            }
            waitsForKeyFrame = false;
            Arrays.fill(broken, false);
            return null;
        }
        if (!waitsForKeyFrame && lossPending && !isLossHarmless()) {
            loseKeyFrame();
        }
        if (waitsForKeyFrame) {
            return FrameDrop.BEFORE_KEY_FRAME;
        }
        int layer = descriptor.temporalId();
        if (layer > 0) {
            if (descriptor.isLayerSync()) {
                broken[layer] = false;
            }
            for (int below = descriptor.isLayerSync() ? layer : 1; below <= layer; below++) {
                if (broken[below]) {
                    return FrameDrop.BROKEN_LAYER;
                }
            }
        }
        return null;
    }

    private boolean isLossHarmless() {
        boolean noPictureMissing = lastPictureId != Vp8Descriptor.ABSENT
                && descriptor.pictureId() != Vp8Descriptor.ABSENT
                && descriptor.pictureId()
                        == ((lastPictureId + 1) & (lastPictureIdLong ? Vp8Descriptor.PICTURE_ID_MASK : SHORT_ID_MASK));
        if (noPictureMissing && (!incomplete || incompleteIsDiscardable)) {
            return true;
        }
        int layer = descriptor.temporalId();
        int tl0 = descriptor.tl0PicIdx();
        if (layer == Vp8Descriptor.ABSENT || tl0 == Vp8Descriptor.ABSENT || baseTl0PicIdx == Vp8Descriptor.ABSENT) {
            return false;
        }
        Arrays.fill(broken, true); // Any frame of an upper layer may be among the missing ones.
        return tl0 == (layer == 0 ? (baseTl0PicIdx + 1) & TL0_MASK : baseTl0PicIdx);
    }

    private void add(MediaPacket packet) {
        ByteBuf payload = packet.payload();
        int offset = payload.readerIndex() + descriptor.lengthBytes();
        if (!open.add(payload.retainedSlice(offset, payload.writerIndex() - offset))) {
            sink.dropped(FrameDrop.TOO_LARGE);
            missing(packet.sequence(), packet.sequence());
        } else if (packet.marker()) {
            if (temporalId == 0) {
                baseTl0PicIdx = tl0PicIdx;
            }
            boolean lost = afterLoss;
            afterLoss = false;
            sink.frame(
                    new Frame(firstSequence, timestamp, arrivalMicros, keyFrame, width, height, lost, open.finish()));
        }
    }

    @Override
    public void missing(long first, long last) {
        afterLoss = true;
        if (open.isOpen()) {
            open.clear();
            sink.dropped(FrameDrop.INCOMPLETE);
            incomplete = true;
            incompleteIsDiscardable = discardable && !keyFrame;
            if (keyFrame) {
                loseKeyFrame();
            }
        }
        lossPending = true;
    }

    private void loseKeyFrame() {
        if (!waitsForKeyFrame) {
            waitsForKeyFrame = true;
            sink.keyFrameNeeded();
        }
    }

    @Override
    public void reset() {
        open.clear();
        lossPending = false;
        incomplete = false;
        lastPictureId = Vp8Descriptor.ABSENT;
        baseTl0PicIdx = Vp8Descriptor.ABSENT;
        Arrays.fill(broken, false);
        waitsForKeyFrame = true;
        sink.keyFrameNeeded();
    }

    @Override
    public long openSequence() {
        return open.isOpen() ? firstSequence : NONE;
    }
}
