package org.rotunda.record.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.record.order.MediaPacket;
import org.rotunda.record.testkit.Packetizer;

/** Frames of all codecs: what is lost with what, and payloads that are no payloads. */
class FramesTest {
    private static final byte[] KEY = ByteBufUtil.decodeHexDump("f00100" + "9d012a80026801" + "0102");
    private static final byte[] DELTA = {0x31, 2, 3};
    private static final byte[] SPS = ByteBufUtil.decodeHexDump("6742c01fda014016ec0440000003004000000f03c60ca8");
    private static final byte[] PPS = ByteBufUtil.decodeHexDump("68ce3c80");

    private final List<String> frames = new ArrayList<>();
    private final List<FrameDrop> drops = new ArrayList<>();
    private int keyFramesNeeded;
    private FrameAssembler assembler = assembler(Codec.VP8);
    private long sequence = 100;

    private FrameAssembler assembler(Codec codec) {
        return FrameAssembler.of(codec, new FrameSink() {
            @Override
            public void frame(Frame frame) {
                frames.add((frame.keyFrame() ? "K" : "") + frame.timestamp());
                frame.release();
            }

            @Override
            public void dropped(FrameDrop reason) {
                drops.add(reason);
            }

            @Override
            public void keyFrameNeeded() {
                keyFramesNeeded++;
            }
        });
    }

    private void send(int timestamp, ByteBuf payload, boolean marker) {
        assembler.packet(new MediaPacket(sequence++, timestamp, marker, 0, payload));
    }

    private void lose() {
        assembler.missing(sequence, sequence);
        sequence++;
    }

    private void vp8(
            int timestamp, byte[] frame, int pictureId, int tl0, int temporalId, boolean sync, boolean discardable) {
        send(
                timestamp,
                Packetizer.vp8(frame, pictureId, tl0, temporalId, sync, discardable)
                        .get(0),
                true);
    }

    @Test
    void theFirstFrameIsAKeyFrame() {
        vp8(1, DELTA, 1, 1, 0, false, false);
        vp8(2, KEY, 2, 2, 0, false, false);
        vp8(3, DELTA, 3, 3, 0, false, false);
        assertThat(frames).containsExactly("K2", "3");
        assertThat(drops).containsExactly(FrameDrop.BEFORE_KEY_FRAME);
    }

    @Test
    void aLostBaseFrameDropsEverythingUpToTheNextKeyFrame() {
        vp8(1, KEY, 1, 1, 0, false, false);
        lose(); // Picture 2, TL0 2.
        vp8(3, DELTA, 3, 3, 0, false, false);
        vp8(4, DELTA, 4, 4, 0, false, false);
        vp8(5, KEY, 5, 5, 0, false, false);
        vp8(6, DELTA, 6, 6, 0, false, false);
        assertThat(frames).containsExactly("K1", "K5", "6");
        assertThat(keyFramesNeeded).isOne();
    }

    @Test
    void aLostUpperLayerCostsOnlyThatLayerUpToItsSync() {
        vp8(1, KEY, 1, 1, 0, false, false);
        lose(); // Picture 2 of layer 1.
        vp8(3, DELTA, 3, 2, 0, false, false);
        vp8(4, DELTA, 4, 2, 1, false, false); // May refer to picture 2.
        vp8(5, DELTA, 5, 3, 0, false, false);
        vp8(6, DELTA, 6, 3, 1, true, false);
        vp8(7, DELTA, 7, 4, 0, false, false);
        vp8(8, DELTA, 8, 4, 1, false, false);
        assertThat(frames).containsExactly("K1", "3", "5", "6", "7", "8");
        assertThat(drops).containsExactly(FrameDrop.BROKEN_LAYER);
        assertThat(keyFramesNeeded).isZero();
    }

    @Test
    void aLostDiscardableFrameCostsOnlyItself() {
        vp8(1, KEY, 1, 1, 0, false, false);
        send(2, Packetizer.vp8(DELTA, 2, 1, 0, false, true).get(0), false); // Its end is lost.
        lose();
        vp8(3, DELTA, 3, 2, 0, false, false);
        assertThat(frames).containsExactly("K1", "3");
        assertThat(keyFramesNeeded).isZero();
    }

    @Test
    void aLossBetweenFramesWithoutAMissingPictureCostsNothing() {
        vp8(1, KEY, 1, 1, 0, false, false);
        lose(); // Padding, for example.
        vp8(2, DELTA, 2, 2, 0, false, false);
        assertThat(frames).containsExactly("K1", "2");
    }

    @Test
    void payloadsThatAreNoVp8AreDropped() {
        vp8(1, KEY, 1, 1, 0, false, false);
        send(2, Unpooled.EMPTY_BUFFER, true);
        send(2, Unpooled.wrappedBuffer(new byte[] {0x10}), true);
        send(2, Unpooled.wrappedBuffer(new byte[] {(byte) 0x90, (byte) 0x80}), true); // The descriptor is cut off.
        byte[] noSize = KEY.clone();
        noSize[6] = 0;
        noSize[7] = 0;
        vp8(3, noSize, 3, 3, 0, false, false);
        assertThat(frames).containsExactly("K1");
        assertThat(drops)
                .containsExactly(FrameDrop.EMPTY, FrameDrop.MALFORMED, FrameDrop.MALFORMED, FrameDrop.MALFORMED);
        assertThat(keyFramesNeeded).isOne();
        vp8(4, KEY, 4, 4, 0, false, false);
        assertThat(frames).containsExactly("K1", "K4");
    }

    @Test
    void h264WaitsForParameterSetsAndKeyFrames() {
        assembler = assembler(Codec.H264);
        send(1, Unpooled.wrappedBuffer(new byte[] {0x65, 1, 2}), true); // An IDR picture without sets.
        send(2, Unpooled.wrappedBuffer(SPS), false);
        send(2, Unpooled.wrappedBuffer(PPS), false);
        send(2, Unpooled.wrappedBuffer(new byte[] {0x65, 1, 2}), true);
        send(3, Unpooled.wrappedBuffer(new byte[] {0x41, 1, 2}), true);
        lose();
        send(5, Unpooled.wrappedBuffer(new byte[] {0x41, 1, 2}), true);
        send(6, Unpooled.wrappedBuffer(new byte[] {0x65, 1, 2}), true);
        assertThat(frames).containsExactly("K2", "3", "K6");
        assertThat(drops).containsExactly(FrameDrop.NO_PARAMETER_SETS, FrameDrop.BEFORE_KEY_FRAME);
        assertThat(assembler.configuration()).startsWith(1, 0x42, 0xC0, 0x1F);
    }

    @Test
    void payloadsThatAreNoH264AreDropped() {
        assembler = assembler(Codec.H264);
        for (String payload : List.of(
                "", // Nothing.
                "7c", // An FU-A without its header.
                "7c0501", // An FU-A without a start.
                "78ffff6742", // A STAP-A with a size beyond the end.
                "780000", // A STAP-A with an empty NAL unit.
                "67", // A sequence parameter set of 0 bytes.
                "1a01")) { // A type of another packetization mode.
            send(1, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(payload)), true);
        }
        assertThat(frames).isEmpty();
        assertThat(drops).contains(FrameDrop.EMPTY, FrameDrop.MALFORMED);
        assertThat(assembler.openSequence()).isEqualTo(FrameAssembler.NONE);
    }

    @Test
    void opusThatIsTooLongOrEmptyIsDropped() {
        assembler = assembler(Codec.OPUS);
        send(1, Unpooled.wrappedBuffer(new byte[] {(byte) 0xFB, 0, 1}), false); // Code 3 with no frames.
        send(2, Unpooled.wrappedBuffer(new byte[] {0x1B, 63, 1}), false); // 63 frames of 60 ms.
        send(3, Unpooled.EMPTY_BUFFER, false);
        send(4, Unpooled.wrappedBuffer(new byte[] {(byte) 0xF8, -1, -2}), false);
        assertThat(frames).containsExactly("K4");
        assertThat(drops).containsExactly(FrameDrop.MALFORMED, FrameDrop.MALFORMED, FrameDrop.EMPTY);
    }
}
