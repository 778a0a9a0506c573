package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the frames of TCP connections: the pieces in which the bytes come make no difference. */
class TcpFrameFuzzTest {
    /** Each seed has the length of a piece in two bytes and then its bytes, as often as there are pieces. */
    static Stream<byte[]> seeds() {
        byte[] two = {0, 3, 1, 2, 3, 0, 1, 9};
        return Stream.of(
                new FuzzInput.Writer().block(two).bytes(),
                new FuzzInput.Writer()
                        .block(new byte[] {0})
                        .block(new byte[] {3, 1})
                        .block(new byte[] {2, 3, 0, 0, 0})
                        .block(new byte[] {1, 9})
                        .bytes(),
                new FuzzInput.Writer()
                        .block(new byte[] {8, 0})
                        .block(new byte[2048])
                        .bytes(),
                new FuzzInput.Writer().block(new byte[] {8, 1, 7}).block(two).bytes(),
                new FuzzInput.Writer()
                        .block("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII))
                        .bytes());
    }

    @MethodSource("seeds")
    @FuzzTest
    void piecesMakeNoDifference(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        TcpFrameReader reader = new TcpFrameReader(allocator);
        List<String> packets = new ArrayList<>();
        ByteBuf stream = Unpooled.buffer();
        boolean readable = true;
        while (input.hasMore()) {
            byte[] piece = input.block();
            stream.writeBytes(piece);
            ByteBuf datagram = FuzzInput.datagram(piece);
            readable = reader.read(datagram, packet -> packets.add(hex(packet)));
            assertThat(datagram.refCnt()).isOne();
            assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(TcpFrameReader.PACKET_BYTES_MAX);
        }
        reader.close();
        assertThat(allocator.metric().usedHeapMemory()).isZero();

        List<String> expected = new ArrayList<>();
        assertThat(readable).isEqualTo(readWhole(stream, expected));
        assertThat(packets).isEqualTo(expected);
    }

    /** Reads the stream as RFC 4571 describes it. Returns false at a length above the limit. */
    private static boolean readWhole(ByteBuf stream, List<String> packets) {
        while (stream.readableBytes() >= 2) {
            int length = stream.readUnsignedShort();
            if (length > TcpFrameReader.PACKET_BYTES_MAX) {
                return false;
            }
            if (stream.readableBytes() < length) {
                return true;
            }
            ByteBuf packet = stream.readSlice(length);
            if (length > 0) {
                packets.add(hex(packet));
            }
        }
        return true;
    }

    private static String hex(ByteBuf packet) {
        return HexFormat.of().formatHex(ByteBufUtil.getBytes(packet));
    }
}
