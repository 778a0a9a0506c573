package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TcpFrameProperties {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final List<String> packets = new ArrayList<>();
    private TcpFrameReader reader = new TcpFrameReader(allocator);

    private boolean read(ByteBuf piece) {
        return reader.read(piece, packet -> packets.add(ByteBufUtil.hexDump(packet)));
    }

    @Property
    void writtenPacketsAreReadAgainWhateverThePiecesAre(
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = TcpFrameReader.PACKET_BYTES_MAX) Integer> lengths,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5_000) Integer> pieces) {
        reader = new TcpFrameReader(allocator); // All tries of a property share this object.
        packets.clear();
        List<String> written = new ArrayList<>();
        ByteBuf stream = Unpooled.buffer();
        for (int length : lengths) {
            byte[] packet = new byte[length];
            packet[0] = (byte) written.size();
            packet[length - 1] = (byte) length;
            written.add(ByteBufUtil.hexDump(packet));
            TcpFrameReader.write(Unpooled.wrappedBuffer(packet), stream);
        }
        for (int i = 0; stream.isReadable(); i++) {
            int length = Math.min(stream.readableBytes(), pieces.get(i % pieces.size()));
            assertThat(read(stream.readSlice(length))).isTrue();
            assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(TcpFrameReader.PACKET_BYTES_MAX);
        }
        assertThat(packets).isEqualTo(written);
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Example
    void emptyPacketsAreSkipped() {
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0, 0, 1, 5, 0})))
                .isTrue();
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {0, 0}))).isTrue();
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {1, 6}))).isTrue();
        assertThat(packets).containsExactly("05", "06");
    }

    @Example
    void aLengthAboveTheLimitEndsTheStream() {
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {0, 1, 5, 8, 1, 0, 1, 6})))
                .isFalse();
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {0, 1, 7}))).isFalse();
        assertThat(packets).containsExactly("05");
    }

    @Example
    void aBegunPacketIsReleasedAtTheEnd() {
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {4, 0, 1, 2, 3}))).isTrue();
        assertThat(allocator.metric().usedHeapMemory()).isEqualTo(1024);
        reader.close();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(read(Unpooled.wrappedBuffer(new byte[] {0, 1, 7}))).isFalse();
    }

    @Example
    void theReceiverOfAPacketMayCloseTheReader() {
        boolean open = reader.read(Unpooled.wrappedBuffer(new byte[] {0, 1, 5, 0, 1, 6}), packet -> {
            packets.add(ByteBufUtil.hexDump(packet));
            reader.close();
        });
        assertThat(open).isFalse();
        assertThat(packets).containsExactly("05");
    }
}
