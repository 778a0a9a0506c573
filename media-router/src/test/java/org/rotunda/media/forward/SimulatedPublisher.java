package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A publisher that sends VP8 simulcast as Chromium does: 30 frames per second with three temporal layers. Each encoding
 * has its own random sequence numbers, timestamps and picture ids. The counters start shortly before they wrap.
 */
final class SimulatedPublisher {
    static final int PAYLOAD_TYPE = 96;
    static final long FRAME_NANOS = 33_333_333L;
    private static final int[] TEMPORAL_PATTERN = {0, 2, 1, 2};
    private static final int NTP_EPOCH_SECONDS = 0x4000_0000;

    /** A packet that the publisher has sent. */
    record Sent(int encoding, ByteBuf bytes, int frame, boolean keyFrameStart, int packetInFrame, int temporalId) {}

    private static final class Encoding {
        int sequenceNumber;
        int timestampBase;
        int pictureId;
        int tl0PicIdx;
        int patternAt;
        boolean keyFrameWanted = true;
        boolean enabled = true;
    }

    private final RandomGenerator random;
    private final Encoding[] encodings;
    private int frame;

    SimulatedPublisher(RandomGenerator random, int encodingCount) {
        this.random = random;
        encodings = new Encoding[encodingCount];
        restart();
    }

    /** Starts new streams, as if the publisher had reconnected. */
    void restart() {
        for (int i = 0; i < encodings.length; i++) {
            Encoding encoding = new Encoding();
            encoding.sequenceNumber = 0xFFFF - random.nextInt(200);
            encoding.timestampBase = -random.nextInt(2_000_000);
            encoding.pictureId = 0x7FFF - random.nextInt(60);
            encoding.tl0PicIdx = 255 - random.nextInt(10);
            encodings[i] = encoding;
        }
    }

    void requestKeyFrame() {
        for (Encoding encoding : encodings) {
            encoding.keyFrameWanted = true; // One request makes Chromium send key frames on all encodings.
        }
    }

    void setEnabled(int encoding, boolean enabled) {
        encodings[encoding].enabled = enabled;
        encodings[encoding].keyFrameWanted |= enabled;
    }

    /** Returns the packets of the next frame, on all enabled encodings. */
    List<Sent> nextFrame(long nowNanos) {
        List<Sent> out = new ArrayList<>();
        for (int i = 0; i < encodings.length; i++) {
            if (encodings[i].enabled) {
                encode(i, nowNanos, out);
            }
        }
        frame++;
        return out;
    }

    private void encode(int index, long nowNanos, List<Sent> out) {
        Encoding encoding = encodings[index];
        boolean keyFrame = encoding.keyFrameWanted;
        encoding.keyFrameWanted = false;
        encoding.patternAt = keyFrame ? 0 : encoding.patternAt + 1;
        int temporalId = TEMPORAL_PATTERN[encoding.patternAt % TEMPORAL_PATTERN.length];
        if (temporalId == 0) {
            encoding.tl0PicIdx = (encoding.tl0PicIdx + 1) & 0xFF;
        }
        encoding.pictureId = (encoding.pictureId + 1) & 0x7FFF;
        int count = (keyFrame ? 3 : 1) + random.nextInt(2 + index);
        for (int n = 0; n < count; n++) {
            ByteBuf packet = Unpooled.buffer();
            packet.writeByte(0x80).writeByte((n == count - 1 ? 0x80 : 0) | PAYLOAD_TYPE);
            packet.writeShort(encoding.sequenceNumber++);
            packet.writeInt(timestamp(index, nowNanos)).writeInt(0x1000 + index);
            packet.writeByte(n == 0 ? 0x90 : 0x80).writeByte(0xE0);
            packet.writeShort(0x8000 | encoding.pictureId).writeByte(encoding.tl0PicIdx);
            packet.writeByte((temporalId << 6) | 0x20);
            if (n == 0 && keyFrame) {
                packet.writeBytes(new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A});
                packet.writeShortLE(320 << index).writeShortLE(180 << index);
            } else {
                packet.writeByte(1);
            }
            packet.writeInt(frame).writeByte(n);
            out.add(new Sent(index, packet, frame, n == 0 && keyFrame, n, temporalId));
        }
        if (random.nextInt(40) == 0) {
            out.add(new Sent(index, padding(index, nowNanos), frame, false, count, temporalId));
        }
    }

    private ByteBuf padding(int index, long nowNanos) {
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0xA0).writeByte(PAYLOAD_TYPE).writeShort(encodings[index].sequenceNumber++);
        packet.writeInt(timestamp(index, nowNanos)).writeInt(0x1000 + index);
        return packet.writeZero(9).writeByte(10);
    }

    int timestamp(int encoding, long nowNanos) {
        return encodings[encoding].timestampBase + (int) (nowNanos / 1_000 * 9 / 100);
    }

    static long ntp(long nowNanos) {
        long seconds = NTP_EPOCH_SECONDS + nowNanos / 1_000_000_000L;
        return (seconds << 32) | (((nowNanos % 1_000_000_000L) << 32) / 1_000_000_000L);
    }
}
