package org.rotunda.record.frames;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.testkit.FuzzInput;
import org.rotunda.record.order.MediaPacket;

/**
 * Fuzzes the assemblers of VP8, H.264 and audio: the first frame is a key frame, sizes are kept, and no buffer is lost.
 */
class FramesFuzzTest {
    static Stream<byte[]> seeds() {
        FuzzInput.Writer vp8 = new FuzzInput.Writer().number(0);
        vp8.number(1).block(ByteBufUtil.decodeHexDump("90f09234072050ba019d012a80026801"));
        vp8.number(1).block(ByteBufUtil.decodeHexDump("90f09235072051ba01"));
        FuzzInput.Writer h264 = new FuzzInput.Writer().number(1);
        h264.number(0)
                .block(ByteBufUtil.decodeHexDump("7800176742c01fda014016ec0440000003004000000f03c60ca8000468ce3c80"));
        h264.number(0).block(ByteBufUtil.decodeHexDump("7c85b80000"));
        h264.number(1).block(ByteBufUtil.decodeHexDump("7c4501"));
        FuzzInput.Writer opus = new FuzzInput.Writer().number(2);
        opus.number(0).block(new byte[] {(byte) 0xF8, -1, -2});
        return Stream.of(vp8.bytes(), h264.bytes(), opus.bytes());
    }

    @MethodSource("seeds")
    @FuzzTest
    void makesFramesOrDrops(byte[] bytes) {
        FuzzInput in = new FuzzInput(bytes);
        Codec codec = Codec.of(in.number() % Codec.COUNT);
        List<ByteBuf> payloads = new ArrayList<>();
        List<Boolean> keys = new ArrayList<>();
        FrameAssembler assembler = FrameAssembler.of(codec, new FrameSink() {
            @Override
            public void frame(Frame frame) {
                keys.add(frame.keyFrame());
                assertThat(frame.payload().readableBytes()).isBetween(1, OpenFrame.BYTES_MAX);
                assertThat(codec.isVideo() && frame.keyFrame()).isEqualTo(frame.width() > 0);
                frame.release();
            }

            @Override
            public void dropped(FrameDrop reason) {}

            @Override
            public void keyFrameNeeded() {}
        });
        int timestamp = 0;
        for (long sequence = 0; in.hasMore(); sequence++) {
            int flags = in.number();
            if ((flags & 2) != 0) {
                assembler.missing(sequence, sequence);
                continue;
            }
            ByteBuf payload = Unpooled.wrappedBuffer(in.block());
            payloads.add(payload);
            assembler.packet(new MediaPacket(sequence, timestamp, (flags & 1) != 0, 0, payload));
            timestamp += flags & 1;
        }
        assembler.reset();
        assertThat(keys.isEmpty() || keys.get(0)).isTrue();
        assertThat(payloads).allMatch(payload -> payload.refCnt() == 0 || payload.capacity() == 0);
    }
}
