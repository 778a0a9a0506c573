package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EgressQueueTest {
    private static final SocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 9);

    private final EgressQueue queue = new EgressQueue();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final List<Integer> sent = new ArrayList<>();

    private void add(int datagramBytes, int... lengths) {
        ByteBuf buffer = Unpooled.buffer();
        for (int length : lengths) {
            buffer.writeZero(length);
        }
        buffers.add(buffer);
        queue.add(buffer, datagramBytes, lengths.length);
    }

    private void sendTo(DatagramSink sink) {
        queue.sendTo(sink, REMOTE);
    }

    private void send(ByteBuf datagram, SocketAddress remote) {
        assertThat(remote).isEqualTo(REMOTE);
        sent.add(datagram.readableBytes());
        datagram.release();
    }

    @Test
    void aSinkThatKnowsNoRunsGetsTheirDatagramsInOrder() {
        add(100, 100, 100, 40);
        add(7, 7);
        add(60, 60, 60);
        assertThat(queue.datagrams()).isEqualTo(6);
        sendTo(this::send);
        assertThat(sent).containsExactly(100, 100, 40, 7, 60, 60);
        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.datagrams()).isZero();
    }

    @Test
    void whatASinkHasNotTakenStaysAndIsReleased() {
        for (int i = 0; i < 10; i++) {
            add(50, 50);
        }
        assertThatThrownBy(() -> sendTo((datagram, remote) -> {
                    datagram.release();
                    throw new IllegalStateException("the test wants this send to fail");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(queue.isEmpty()).isFalse();
        queue.release();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }
}
