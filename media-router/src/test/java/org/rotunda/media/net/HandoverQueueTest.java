package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rotunda.media.router.LoopLinks;
import org.rotunda.media.router.RelayEnd;
import org.rotunda.media.router.RelayMessage;
import org.rotunda.media.router.RelayShare;

class HandoverQueueTest {
    private static final int CAPACITY = 8;
    private static final long NOW = 1_000;

    private final HandoverQueue queue = new HandoverQueue(CAPACITY);
    private final RelayShare share = new RelayShare();
    private final ByteBuf packet = Unpooled.copyInt(7);
    private final RelayMessage message = new RelayMessage.TracksChanged("RM1");
    private final RelayMessage.DataMessage data = new RelayMessage.DataMessage("RM1", "MT1", 1);

    /** An end that knows what it got. */
    private record End(int source) implements RelayEnd {}

    private static final class Receiver implements LoopLinks.Receiver {
        private final List<String> got = new ArrayList<>();

        @Override
        public void onRelayedPacket(RelayEnd to, int encoding, ByteBuf packet, long nowNanos) {
            got.add("packet " + encoding + " " + packet.getInt(0));
        }

        @Override
        public void onRelayMessage(RelayMessage message, boolean binary, @Nullable ByteBuf payload, long nowNanos) {
            got.add(message.getClass().getSimpleName() + " " + binary + " " + (payload != null));
        }
    }

    private final Receiver receiver = new Receiver();

    @Test
    void everythingComesInOrderAndIsReleased() {
        assertThat(queue.putMessage(message, NOW)).isTrue();
        assertThat(queue.putPacket(new End(1), 2, packet, share, NOW + 1)).isTrue();
        assertThat(queue.putData(data, true, packet, share, NOW + 2)).isTrue();
        assertThat(packet.refCnt()).isEqualTo(3);
        assertThat(queue.oldestNanos()).isEqualTo(NOW);

        assertThat(queue.drainTo(receiver, NOW)).isEqualTo(3);
        assertThat(receiver.got).containsExactly("TracksChanged false false", "packet 2 7", "DataMessage true true");
        assertThat(packet.refCnt()).isEqualTo(1);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void fullQueueRefusesAndRetainsNothing() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(queue.putPacket(new End(1), 0, packet, share, NOW)).isTrue();
        }
        assertThat(queue.putPacket(new End(1), 0, packet, share, NOW)).isFalse();
        assertThat(queue.putMessage(message, NOW)).isFalse();
        assertThat(packet.refCnt()).isEqualTo(CAPACITY + 1);

        assertThat(queue.drainTo(receiver, NOW)).isEqualTo(CAPACITY);
        assertThat(queue.putMessage(message, NOW)).isTrue();
    }

    @Test
    void receiverThatFailsCostsOneElement() {
        queue.putPacket(new End(1), 0, packet, share, NOW);
        queue.putMessage(message, NOW);
        assertThatThrownBy(() -> queue.drainTo(
                        new LoopLinks.Receiver() {
                            @Override
                            public void onRelayedPacket(RelayEnd to, int encoding, ByteBuf got, long nowNanos) {
                                throw new IllegalStateException("a defect");
                            }

                            @Override
                            public void onRelayMessage(
                                    RelayMessage got, boolean binary, @Nullable ByteBuf payload, long nowNanos) {
                                // Not reached.
                            }
                        },
                        NOW))
                .hasMessage("a defect");

        assertThat(packet.refCnt()).isEqualTo(1);
        assertThat(queue.drainTo(receiver, NOW)).isOne();
    }

    @Test
    void closeReleasesWhatWasNotTaken() {
        queue.putPacket(new End(1), 0, packet, share, NOW);
        queue.close();
        assertThat(packet.refCnt()).isEqualTo(1);
    }

    @Test
    void sizeMustBeAPowerOfTwo() {
        assertThatThrownBy(() -> new HandoverQueue(12)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new HandoverQueue(1)).hasMessageContaining("from 2 on");
    }

    /** Several threads put while another takes. What one thread puts comes in order, and nothing is lost or doubled. */
    @Test
    @Timeout(60)
    void manyThreadsPutAndOneTakes() throws InterruptedException {
        int threads = 3;
        int each = 200_000;
        HandoverQueue small = new HandoverQueue(64);
        List<Thread> putting = new ArrayList<>();
        for (int source = 0; source < threads; source++) {
            End end = new End(source);
            putting.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    while (!small.putPacket(end, i, packet, share, NOW)) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        int[] next = new int[threads];
        LoopLinks.Receiver checking = new LoopLinks.Receiver() {
            @Override
            public void onRelayedPacket(RelayEnd to, int encoding, ByteBuf got, long nowNanos) {
                if (to instanceof End end) {
                    assertThat(encoding).isEqualTo(next[end.source()]++);
                }
            }

            @Override
            public void onRelayMessage(RelayMessage got, boolean binary, @Nullable ByteBuf payload, long nowNanos) {
                throw new AssertionError("nobody puts a message");
            }
        };
        putting.forEach(Thread::start);
        for (int taken = 0; taken < threads * each; ) {
            taken += small.drainTo(checking, NOW);
            Thread.onSpinWait();
        }
        for (Thread thread : putting) {
            thread.join();
        }

        assertThat(next).containsOnly(each);
        assertThat(small.isEmpty()).isTrue();
        assertThat(packet.refCnt()).isEqualTo(1);
    }
}
