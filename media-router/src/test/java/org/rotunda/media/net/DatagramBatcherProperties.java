package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class DatagramBatcherProperties {
    @Property(tries = 200)
    void everyDatagramLeavesOnceAndInOrderPerRemote(@ForAll @Size(max = 400) byte[] script) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        channel.config().setAllocator(allocator);
        DatagramBatcher batcher = new DatagramBatcher(channel.pipeline().lastContext(), true, new MediaNetStatistics());
        Map<Integer, List<String>> expected = new TreeMap<>();
        for (int i = 0; i < script.length; i++) {
            int port = 1 + (script[i] & 7);
            int length = 4 + 100 * (script[i] >> 3 & 3);
            batcher.send(
                    allocator.directBuffer(length).writeInt(i).writeZero(length - 4),
                    new InetSocketAddress("192.0.2.1", port));
            expected.computeIfAbsent(port, key -> new ArrayList<>()).add(i + "/" + length);
            if (script[i] == 0) {
                batcher.flush();
            }
        }
        batcher.flush();

        Map<Integer, List<String>> sent = new TreeMap<>();
        for (DatagramPacket packet = channel.readOutbound(); packet != null; packet = channel.readOutbound()) {
            ByteBuf content = packet.content();
            int segment = packet instanceof SegmentedDatagramPacket run ? run.segmentSize() : content.readableBytes();
            while (content.isReadable()) {
                ByteBuf datagram = content.readSlice(Math.min(segment, content.readableBytes()));
                sent.computeIfAbsent(packet.recipient().getPort(), key -> new ArrayList<>())
                        .add(datagram.getInt(0) + "/" + datagram.readableBytes());
            }
            packet.release();
        }
        assertThat(sent).isEqualTo(expected);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        channel.finishAndReleaseAll();
    }
}
