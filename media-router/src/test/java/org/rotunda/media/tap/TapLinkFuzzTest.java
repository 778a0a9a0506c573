package org.rotunda.media.tap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the frames of tap links: the same is heard in any pieces, memory is bounded, and a violation is final. */
class TapLinkFuzzTest {
    static Stream<byte[]> seeds() {
        ByteBuf out = Unpooled.buffer();
        TapFrames.writeOpen(out, LinkPair.open(7, 2));
        LinkPair.media(out, 7, 1_000, new byte[] {1, 2});
        TapFrames.writeClock(out, 7, 99, 1_700_000_000_000_001L, true);
        TapFrames.writeGone(out, 7, 1_001, 1_005);
        TapFrames.writePing(out, false, 5);
        TapFrames.writeClose(out, 7, 3);
        return Stream.of(ByteBufUtil.getBytes(out), new byte[] {-1, -1, -1, -1, 2}, new byte[0]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void hearsTheSameInAnyPieces(byte[] bytes) {
        LinkPair whole = LinkPair.connected();
        whole.recorder.onBytes(Unpooled.wrappedBuffer(bytes), 0);
        LinkPair pieces = LinkPair.connected();
        int step = 1 + (bytes.length == 0 ? 0 : bytes[0] & 0x0F);
        for (int at = 0; at < bytes.length; at += step) {
            boolean goesOn =
                    pieces.recorder.onBytes(Unpooled.wrappedBuffer(bytes, at, Math.min(step, bytes.length - at)), 0);
            assertThat(goesOn).isEqualTo(pieces.recorder.violation() == null);
            assertThat(pieces.recorder.heldBytes()).isLessThanOrEqualTo(TapFrames.LENGTH_MAX + TapFrames.LENGTH_BYTES);
        }
        assertThat(pieces.atRecorder).isEqualTo(whole.atRecorder);
        assertThat(pieces.recorder.violation()).isEqualTo(whole.recorder.violation());
    }
}
