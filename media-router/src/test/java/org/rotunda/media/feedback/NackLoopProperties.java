package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtcp.RtcpWriter;

/**
 * Tests requests and retransmissions together on virtual time. The history and the responder are at one end of a lossy
 * link, and the generator is at the other end.
 */
class NackLoopProperties {
    private static final long MS = 1_000_000;

    /** An event of the simulation. Events run in the order of their times. */
    private record Event(long atNanos, Runnable action) {}

    /** A call with one stream over a link that loses packets in both directions. */
    private static final class Simulation {
        final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
        final Random random;
        final int first;
        final int lossPercent;
        final long oneWayNanos;
        final PacketHistory history = new PacketHistory(PacketHistory.VIDEO_PACKETS);
        final NackResponder responder = new NackResponder(true, new ResendBudget(), this::resend);
        final List<Integer> asked = new ArrayList<>();
        final Map<Integer, Long> receivedNanos = new HashMap<>();
        final NackGenerator generator;
        int unrecoverable;
        int highestSent;
        long nowNanos;

        Simulation(Random random, int first, int lossPercent, long oneWayNanos) {
            this.random = random;
            this.first = first;
            this.lossPercent = lossPercent;
            this.oneWayNanos = oneWayNanos;
            generator = new NackGenerator(
                    new NackGenerator.Sink() {
                        @Override
                        public void nack(int sequenceNumber) {
                            asked.add(sequenceNumber);
                        }

                        @Override
                        public void unrecoverable() {
                            unrecoverable++;
                        }
                    },
                    2 * oneWayNanos);
            responder.onRtt(2 * oneWayNanos);
        }

        void run(int packets) {
            for (int i = 0; i < packets; i++) {
                int sequence = (first + i) & 0xFFFF;
                // The link never loses the first packet and the last five packets.
                boolean kept = i == 0 || i >= packets - 5;
                at(4 * MS * i, () -> send(sequence, kept));
            }
            while (!events.isEmpty()) {
                Event event = events.remove();
                nowNanos = event.atNanos();
                event.action().run();
                flushNacks();
            }
            history.close();
        }

        private void send(int sequence, boolean kept) {
            ByteBuf packet = Unpooled.buffer(1_000).writeZero(1_000);
            history.put(sequence, packet, nowNanos);
            packet.release();
            highestSent = sequence;
            if (kept || random.nextInt(100) >= lossPercent) {
                at(nowNanos + oneWayNanos, () -> receive(sequence));
            }
        }

        private int resend(int sequence, boolean rtx, long nowNanos) {
            ByteBuf packet = history.get(sequence, nowNanos);
            if (packet == null) {
                return 0;
            }
            if (random.nextInt(100) >= lossPercent) {
                at(nowNanos + oneWayNanos, () -> receive(sequence));
            }
            return packet.readableBytes();
        }

        private void receive(int sequence) {
            receivedNanos.putIfAbsent(sequence, nowNanos);
            generator.onPacket(sequence, nowNanos);
            wakeUp();
        }

        private void wakeUp() {
            long deadline = generator.nextDeadlineNanos();
            if (deadline != Long.MAX_VALUE) {
                at(Math.max(nowNanos, deadline), () -> {
                    if (generator.nextDeadlineNanos() <= nowNanos) {
                        generator.onTimeout(nowNanos);
                        wakeUp();
                    }
                });
            }
        }

        private void flushNacks() {
            if (asked.isEmpty()) {
                return;
            }
            ByteBuf message = Unpooled.buffer(1_200);
            int[] sequences = asked.stream().mapToInt(Integer::intValue).toArray();
            asked.clear();
            assertThat(RtcpWriter.nack(message, 1, 2, sequences, sequences.length))
                    .isEqualTo(sequences.length);
            if (random.nextInt(100) >= lossPercent) {
                at(nowNanos + oneWayNanos, () -> new RtcpReader(answering()).read(message));
            }
        }

        private RtcpSink answering() {
            return new RtcpSink() {
                @Override
                public void onNack(int mediaSsrc, int sequenceNumber) {
                    responder.onNack(sequenceNumber, highestSent, nowNanos);
                }
            };
        }

        private void at(long nanos, Runnable action) {
            events.add(new Event(nanos, action));
        }
    }

    @Property(tries = 100)
    void recoversLostPacketsWithinAFewRoundTrips(
            @ForAll @IntRange(max = 0xFFFF) int first,
            @ForAll @IntRange(max = 10) int lossPercent,
            @ForAll @IntRange(min = 1, max = 60) int oneWayMs,
            @ForAll Random random) {
        Simulation simulation = new Simulation(random, first, lossPercent, oneWayMs * MS);
        int packets = 2_000;
        simulation.run(packets);

        long missing = 0;
        for (int i = 0; i < packets; i++) {
            Long received = simulation.receivedNanos.get((first + i) & 0xFFFF);
            if (received == null) {
                missing++;
            } else {
                long delay = received - 4 * MS * i;
                assertThat(delay).isLessThan(NackGenerator.NACKS_PER_PACKET_MAX * 200 * MS);
            }
        }
        // A packet is sent once and resent up to three times, so at 10 % loss one packet in 10,000 stays lost. Of 2,000
        // packets, 0.2 stay lost on average.
        assertThat(missing).isLessThanOrEqualTo(6);
        assertThat(simulation.generator.givenUp()).isEqualTo(missing);
        assertThat(simulation.generator.outstanding()).isZero();
        assertThat(simulation.unrecoverable == 0).isEqualTo(missing == 0);
        if (lossPercent == 0) {
            assertThat(simulation.responder.resent()).isZero();
        }
    }

    @Example
    void responderLimitsResendsByTimeCountBudgetAndKeyFrame() {
        List<Integer> resent = new ArrayList<>();
        NackResponder responder = new NackResponder(false, new ResendBudget(), (sequence, rtx, nowNanos) -> {
            assertThat(rtx).isFalse();
            resent.add(sequence);
            return 1_000;
        });
        responder.onRtt(50 * MS);
        for (long nowNanos = 0; nowNanos < 1_000 * MS; nowNanos += 10 * MS) {
            responder.onNack(65_530, 4, nowNanos);
        }
        assertThat(resent).hasSize(NackResponder.RESENDS_PER_PACKET_MAX);
        assertThat(responder.drops(ResendDrop.TOO_SOON)).isEqualTo(8);
        assertThat(responder.drops(ResendDrop.TOO_OFTEN)).isEqualTo(89);
        responder.onNack(60_000, 4, 0);
        responder.onNack(5, 4, 0);
        assertThat(responder.drops(ResendDrop.TOO_OLD)).isEqualTo(2);
        responder.onPli();
        responder.onKeyFrameSent(100);
        responder.onNack(99, 110, 2_000 * MS);
        assertThat(responder.drops(ResendDrop.BEFORE_KEY_FRAME)).isEqualTo(1);
        for (int i = 100; i < 400; i++) {
            responder.onNack(i, 400, 2_000 * MS);
        }
        assertThat(responder.resentBytes()).isLessThan(40_000);
        assertThat(responder.drops(ResendDrop.OVER_BUDGET)).isGreaterThan(200);
        responder.onNack(399, 400, 3_000 * MS);
        assertThat(resent).endsWith(399);
    }

    @Example
    void aPacketThatIsGoneIsCounted() {
        NackResponder responder = new NackResponder(true, new ResendBudget(), (sequence, rtx, nowNanos) -> 0);
        responder.onNack(1, 2, 0);

        assertThat(responder.drops(ResendDrop.GONE)).isEqualTo(1);
        assertThat(responder.resent()).isZero();
    }
}
