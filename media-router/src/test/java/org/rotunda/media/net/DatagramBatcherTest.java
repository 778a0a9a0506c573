package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramBatcherTest {
    private static final InetSocketAddress A = new InetSocketAddress("192.0.2.1", 1);
    private static final InetSocketAddress B = new InetSocketAddress("192.0.2.2", 2);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final MediaNetStatistics statistics = new MediaNetStatistics();
    private final FailingSocket socket = new FailingSocket();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, new ChannelInboundHandlerAdapter());
    private DatagramBatcher batcher = batcher(true);

    /** Fails segmented sends with the given error, and single sends if told to. */
    private static final class FailingSocket extends ChannelOutboundHandlerAdapter {
        int errno;
        boolean failsSingles;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The caller owns the promise.
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (errno != 0 && message instanceof SegmentedDatagramPacket) {
                ReferenceCountUtil.release(message);
                promise.setFailure(Errors.newIOException("sendmmsg", errno));
            } else if (failsSingles) {
                ReferenceCountUtil.release(message);
                promise.tryFailure(new IOException("no route")); // As Netty's send queue does.
            } else {
                ctx.write(message, promise);
            }
        }
    }

    private DatagramBatcher batcher(boolean segmentsWork) {
        channel.config().setAllocator(allocator);
        return new DatagramBatcher(channel.pipeline().lastContext(), segmentsWork, statistics);
    }

    private void send(InetSocketAddress remote, int... lengths) {
        for (int length : lengths) {
            batcher.send(allocator.directBuffer(Math.max(1, length)).writeZero(length), remote);
        }
    }

    /**
     * Returns a text for each written message: the remote's port, the number of bytes and, for a segmented send, the
     * segment length.
     */
    private List<String> written() {
        batcher.flush();
        List<String> messages = new ArrayList<>();
        for (DatagramPacket packet = channel.readOutbound(); packet != null; packet = channel.readOutbound()) {
            String run = packet instanceof SegmentedDatagramPacket segmented ? "/" + segmented.segmentSize() : "";
            messages.add(packet.recipient().getPort() + ":" + packet.content().readableBytes() + run);
            packet.release();
        }
        return messages;
    }

    @AfterEach
    void nothingLeaks() {
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void equalDatagramsToOneRemoteLeaveInOneSend() {
        send(A, 1000, 1000, 1000);
        assertThat(written()).containsExactly("1:3000/1000");
        assertThat(statistics.datagramsOut()).isEqualTo(3);
        assertThat(statistics.bytesOut()).isEqualTo(3000);
        assertThat(statistics.sendsBySegments(2)).isEqualTo(1); // Bucket 2 counts the sends of up to 4 datagrams.
    }

    @Test
    void runsAreFoundHoweverRemotesInterleave() {
        send(A, 1000);
        send(B, 500);
        send(A, 1000);
        send(new InetSocketAddress("192.0.2.2", 2), 500);
        send(A, 1000);
        assertThat(written()).containsExactly("1:3000/1000", "2:1000/500");
    }

    @Test
    void aShorterDatagramEndsARunAndALongerOneStartsTheNext() {
        send(A, 1000, 1000, 900, 900, 1000, 1000);
        assertThat(written()).containsExactly("1:2900/1000", "1:900", "1:2000/1000");
    }

    @Test
    void runsStayWithinTheKernelsLimits() {
        int[] small = new int[65];
        java.util.Arrays.fill(small, 100);
        send(A, small);
        assertThat(written()).containsExactly("1:6400/100", "1:100");
        int[] big = new int[47];
        java.util.Arrays.fill(big, 1400);
        send(A, big);
        assertThat(written()).containsExactly("1:64400/1400", "1:1400");
    }

    private void sendRun(InetSocketAddress remote, int datagramBytes, int lengthBytes) {
        batcher.sendRun(allocator.directBuffer(lengthBytes).writeZero(lengthBytes), datagramBytes, remote);
    }

    @Test
    void aRunOfTheCoreIsOneSendAndKeepsItsPlace() {
        send(A, 100);
        sendRun(A, 100, 250);
        send(A, 100, 100);
        sendRun(B, 70, 70);
        assertThat(written()).containsExactly("1:100", "1:250/100", "1:200/100", "2:70");
        assertThat(statistics.datagramsOut()).isEqualTo(7);
    }

    @Test
    void withoutSegmentationARunIsSentDatagramByDatagram() {
        batcher = batcher(false);
        sendRun(A, 100, 250);
        assertThat(written()).containsExactly("1:100", "1:100", "1:50");
    }

    @Test
    void runsLeaveBeforeTheSendQueueOfTheSocketIsFull() {
        int runs = 3 * DatagramQueue.BYTES_MAX / 50_000;
        for (int i = 0; i < runs; i++) {
            sendRun(new InetSocketAddress("192.0.2.3", 1_000 + i), 1_000, 50_000);
        }
        assertThat(channel.outboundMessages().size()).isGreaterThan(runs / 2);
        assertThat(written()).hasSize(runs);
    }

    @Test
    void oversizedAndEmptyDatagramsTravelAlone() {
        send(A, 1453, 1453, 0, 0, 100, 0);
        assertThat(written()).containsExactly("1:1453", "1:1453", "1:0", "1:0", "1:100", "1:0");
    }

    @Test
    void withoutSegmentationEveryDatagramIsASendOfItsOwn() {
        batcher = batcher(false);
        send(A, 1000, 1000);
        send(B, 1000);
        assertThat(written()).containsExactly("1:1000", "1:1000", "2:1000");
        assertThat(statistics.sendsBySegments(0)).isEqualTo(3);
    }

    @Test
    void failedSendsOfSingleDatagramsAreCountedAndLaterSendsWork() {
        List<Throwable> inPipeline = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                inPipeline.add(cause);
            }
        });
        socket.failsSingles = true;
        send(A, 1000);
        send(B, 500);
        assertThat(written()).isEmpty();
        assertThat(statistics.sendFailures()).isEqualTo(2);
        assertThat(inPipeline).isEmpty();
        socket.failsSingles = false;
        send(A, 1000);
        assertThat(written()).containsExactly("1:1000");
        assertThat(statistics.sendFailures()).isEqualTo(2);
    }

    @Test
    void afterAnInvalidSegmentationOneRemoteIsServedPlainly() {
        assumeTrue(Epoll.isAvailable()); // The error numbers come from the native library of Epoll.
        socket.errno = -22;
        send(A, 1000, 1000);
        assertThat(written()).isEmpty();
        assertThat(statistics.sendFailures()).isEqualTo(2);
        assertThat(statistics.segmentedSendFailures()).isEqualTo(1);
        socket.errno = 0;
        send(A, 1000, 1000);
        send(B, 1000, 1000);
        assertThat(written()).containsExactly("1:1000", "1:1000", "2:2000/1000");
        assertThat(batcher.isSegmenting()).isTrue();
    }

    @Test
    void remotesServedPlainlyAreBounded() {
        assumeTrue(Epoll.isAvailable());
        socket.errno = -90;
        for (int i = 0; i <= DatagramBatcher.PLAIN_REMOTES_MAX; i++) {
            send(new InetSocketAddress("192.0.2.3", 100 + i), 1000, 1000);
        }
        assertThat(written()).isEmpty();
        socket.errno = 0;
        send(new InetSocketAddress("192.0.2.3", 100), 1000, 1000);
        // The set of remotes without segments was full, so the batcher cleared it. This remote gets segments again.
        assertThat(written()).containsExactly("100:2000/1000");
    }

    @Test
    void aDeviceThatCannotSegmentEndsSegmentation() {
        assumeTrue(Epoll.isAvailable());
        socket.errno = -5;
        send(A, 1000, 1000);
        assertThat(written()).isEmpty();
        send(B, 1000, 1000);
        assertThat(written()).containsExactly("2:1000", "2:1000");
        assertThat(batcher.isSegmenting()).isFalse();
    }

    @Test
    void aSocketThatTakesNoMoreMakesDatagramsDropAndCount() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        send(A, 1000, 1000);
        send(B, 1000);
        assertThat(written()).isEmpty();
        assertThat(statistics.sendQueueDrops()).isEqualTo(3);
        assertThat(statistics.datagramsOut()).isZero();
    }

    @Test
    void aFullQueueIsSentAndFilledAgain() {
        for (int i = 0; i < DatagramQueue.DATAGRAMS_MAX + 1; i++) {
            ByteBuf datagram = allocator.directBuffer(4).writeInt(i);
            batcher.send(datagram, i % 2 == 0 ? A : B);
        }
        assertThat(written()).hasSize(2 * DatagramQueue.DATAGRAMS_MAX / 2 / 64 + 1);
        assertThat(statistics.datagramsOut()).isEqualTo(DatagramQueue.DATAGRAMS_MAX + 1);
    }
}
